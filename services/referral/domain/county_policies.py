"""The county policies that ship with the service: TOML files, checked before anybody is judged.

A file that is wrong in any way is refused, with one sentence that names file and place. Beyond its
shape a file must hold: versions are numbered 1, 2, 3 and follow one another without gap or overlap;
every rule names its source; and what rests on a mere lead goes to the coordinator, because nobody
is turned away, or let in, on hearsay.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.referral.domain.eligibility import (
    FactRule,
    OffenceRule,
    Policy,
    PolicyVersion,
    RepeatKind,
    RepeatRule,
    Result,
    Source,
)
from services.referral.domain.stated import Fact, Offence, Reason

FOLDER = "county_rules"
# Before deflection was in any Oregon law (HB 4002, 2024) a date is a slip of the keyboard.
EARLIEST = date(2024, 1, 1)

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Confidence = Literal["confirmed", "news", "lead"]
DateConfidence = Literal["confirmed", "news", "lead", "judgement"]
Otherwise = Literal["not_eligible", "coordinator_decides"]
Review = Literal["prosecutor_decides", "criteria_not_all_published"]
KnownOffence = Annotated[Offence, Field(strict=False)]
KnownFact = Annotated[Fact, Field(strict=False)]
KnownRepeat = Annotated[RepeatKind, Field(strict=False)]
ABOUT_AN_OFFENCE = frozenset({Fact.VICTIM_CONSENTS})


class PolicyFileError(ValueError):
    """A policy file is wrong: one sentence names the file, the place and what is wrong."""


class _Table(BaseModel):
    """A table of the file, in which an unknown key is an error: a slip must not lose a rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Source(_Table):
    key: Code
    title: Line
    url: Annotated[str, Field(pattern=r"^https://\S+$", max_length=300)]
    dated: date | None = None
    confidence: Confidence


class _Rule(_Table):
    """A rule names where it was read, by the key of a source."""

    source: Code


class _Offences(_Rule):
    codes: Annotated[list[KnownOffence], Field(min_length=1)]
    victim_must_consent: bool = False


class _FactAsked(_Rule):
    fact: KnownFact
    otherwise: Otherwise


class _Review(_Rule):
    reason: Review


class _Repeat(_Rule):
    kind: KnownRepeat
    days: Annotated[int, Field(ge=1, le=3650)]


class _Version(_Table):
    number: Annotated[int, Field(ge=1)]
    effective_from: Annotated[date, Field(ge=EARLIEST)]
    effective_from_confidence: DateConfidence
    effective_until: date | None = None
    uncovered_offence: Otherwise
    source: Annotated[list[_Source], Field(min_length=1)]
    offences: Annotated[list[_Offences], Field(min_length=1)]
    facts: list[_FactAsked] = []
    reviews: list[_Review] = []
    repeat: _Repeat | None = None


class _File(_Table):
    id: Code
    county: Line
    version: Annotated[list[_Version], Field(min_length=1)]


@cache
def county_policies() -> Mapping[str, Policy]:
    """Return every policy that ships, by its id.

    Raises:
        PolicyFileError: one of the files is wrong.
    """
    folder = files("services.referral") / FOLDER
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    policies = [
        read_policy(_text(entry), file_name=entry.name)
        for entry in sorted(found, key=lambda entry: entry.name)
    ]
    return MappingProxyType({policy.id: policy for policy in policies})


def _text(file: Traversable) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyFileError(f"{file.name} is not written in UTF-8.") from error


def read_policy(text: str, *, file_name: str) -> Policy:
    """Check one file and return what it says.

    Raises:
        PolicyFileError: the file is wrong.
    """
    try:
        content = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyFileError(f"{file_name} is no TOML: {error}.") from error
    except ValidationError as error:
        raise PolicyFileError(f"{file_name}, {_first(error)}.") from error
    for complaint in _complaints(content, file_name):
        raise PolicyFileError(f"{file_name}, {complaint}.")
    versions = tuple(_version(content.id, version) for version in content.version)
    return Policy(id=content.id, county=content.county, versions=versions)


def _first(error: ValidationError) -> str:
    """Say the first mistake as a place, counted from one as people do, and what is wrong there."""
    mistake = error.errors()[0]
    place = " ".join(
        str(step + 1) if isinstance(step, int) else str(step) for step in mistake["loc"]
    )
    wrong = "is not known here" if mistake["type"] == "extra_forbidden" else mistake["msg"]
    return f"{place}: {wrong}"


def _complaints(content: _File, file_name: str) -> Iterator[str]:
    if file_name != f"{content.id}.toml":
        yield f"id: the policy {content.id} belongs in {content.id}.toml"
    yield from _of_numbers_and_days(content.version)
    for number, version in enumerate(content.version, start=1):
        for complaint in (*_of_sources(version), *_of_rules(version)):
            yield f"version {number}: {complaint}"


def _of_numbers_and_days(versions: list[_Version]) -> Iterator[str]:
    for expected, version in enumerate(versions, start=1):
        if version.number != expected:
            yield f"version {expected}: its number is {version.number}"
        until = version.effective_until
        if until is not None and until < version.effective_from:
            yield f"version {expected}: effective_until is before effective_from"
    for earlier, later in pairwise(versions):
        if earlier.effective_until is None:
            yield f"version {earlier.number}: effective_until is missing, and another one follows"
        elif later.effective_from != earlier.effective_until + timedelta(days=1):
            yield f"version {later.number}: does not begin the day after version {earlier.number}"


def _of_sources(version: _Version) -> Iterator[str]:
    confidence = {source.key: source.confidence for source in version.source}
    if len(confidence) < len(version.source):
        yield "two sources have one key"
    rules: list[_Rule] = [*version.offences, *version.facts, *version.reviews]
    rules += [version.repeat] if version.repeat else []
    for key in (rule.source for rule in rules):
        if key not in confidence:
            yield f"{key} is none of its sources"
    for offences in version.offences:
        if confidence.get(offences.source) == "lead":
            yield f"offences rest on {offences.source}, which is a lead"
    for asked in version.facts:
        if asked.otherwise == "not_eligible" and confidence.get(asked.source) == "lead":
            yield f"{asked.fact} turns people away by {asked.source}, which is a lead"


def _of_rules(version: _Version) -> Iterator[str]:
    codes = [code for offences in version.offences for code in offences.codes]
    if len(codes) > len(set(codes)):
        yield "an offence stands twice"
    if {Offence.NONE, Offence.OTHER} & set(codes):
        yield "none and other cannot be covered"
    facts = [asked.fact for asked in version.facts]
    if len(facts) > len(set(facts)):
        yield "a fact stands twice"
    if ABOUT_AN_OFFENCE & set(facts):
        yield "victim_consents is asked with offences, as victim_must_consent"


def _version(policy_id: str, version: _Version) -> PolicyVersion:
    repeat = version.repeat
    return PolicyVersion(
        policy_id=policy_id,
        number=version.number,
        effective_from=version.effective_from,
        effective_from_confidence=version.effective_from_confidence,
        effective_until=version.effective_until,
        covered=tuple(
            OffenceRule(
                offences=frozenset(offences.codes),
                victim_must_consent=offences.victim_must_consent,
            )
            for offences in version.offences
        ),
        uncovered=Result(version.uncovered_offence),
        facts=tuple(
            FactRule(fact=asked.fact, otherwise=Result(asked.otherwise)) for asked in version.facts
        ),
        reviews=tuple(Reason(review.reason) for review in version.reviews),
        repeat=RepeatRule(kind=repeat.kind, days=repeat.days) if repeat else None,
        sources=tuple(Source(**source.model_dump(exclude={"key"})) for source in version.source),
    )
