"""Every event ever shipped has an owner and an example, and carries ids and codes only."""

import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import AwareDatetime

import shared.events
from shared.events.base import CATALOGUE, ENVELOPE, Event, entity
from tests.architecture.rules import ROOT, service_names

for module in pkgutil.iter_modules(shared.events.__path__, "shared.events."):
    import_module(module.name)

EXAMPLES = ROOT / "tests" / "contracts"
SUBJECT = re.compile(r"deflection\.[a-z]+\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*")
PLAIN = frozenset({UUID, int, bool, date, datetime, AwareDatetime, NoneType})
GROUPS = frozenset({list, tuple, frozenset, set})
# A string is a code or an opaque id, and its name says so: `accepted_by`, `agency_id`, `kind`.
CODE_NAME = re.compile(r"(.+_)?(by|id|ids|code|codes|kind)")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,99}")
PERSONAL = re.compile(
    r"(.+_)?(address|birth(date|day)?|comment|diagnosis|dob|drug|email|gender|injury|name|notes?"
    r"|phone|race|ssn|street|substance|summary|text)(_.+)?"
)

each_event = pytest.mark.parametrize("subject", sorted(CATALOGUE))


def examples(subject: str) -> list[dict[str, Any]]:
    shipped: list[dict[str, Any]] = json.loads((EXAMPLES / f"{subject}.json").read_text())
    return shipped


def suspicions(kind: type[Event]) -> Iterator[str]:
    """Say which fields of *kind* could carry something personal."""
    for name, field in kind.model_fields.items():
        if name in ENVELOPE:
            continue
        if field.annotation is not UUID and PERSONAL.fullmatch(name):
            yield f"{name} sounds personal"
        if not _is_id_or_code(field.annotation, name):
            yield f"{name} is neither an id nor a code: {field.annotation}"


def _is_id_or_code(annotation: Any, name: str) -> bool:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return all(CODE.fullmatch(str(word)) for word in inner)
    if origin is Annotated:
        return _is_id_or_code(inner[0], name)
    if origin in GROUPS or origin in {Union, UnionType}:
        return all(_is_id_or_code(each, name) for each in inner if each is not Ellipsis)
    if annotation is str:
        return CODE_NAME.fullmatch(name) is not None
    is_enumeration = isinstance(annotation, type) and issubclass(annotation, Enum)
    return annotation in PLAIN or is_enumeration


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from strings(each)
        case dict():
            yield from strings(list(value.values()))


def test_there_are_events_to_guard() -> None:
    assert {"deflection.referral.created.v1", "deflection.handoff.accepted.v1"} <= set(CATALOGUE)


@each_event
def test_an_event_has_an_owner_and_a_lasting_name(subject: str) -> None:
    kind = CATALOGUE[subject]

    assert kind.owner in service_names()
    assert kind.__module__ == f"shared.events.{kind.owner}"
    assert SUBJECT.fullmatch(subject)
    assert (kind.__doc__ or "").strip(), "say what has happened"


def test_an_entity_belongs_to_one_service() -> None:
    owners = {(entity(subject), kind.owner) for subject, kind in CATALOGUE.items()}
    assert len(owners) == len({name for name, _ in owners})


@each_event
def test_an_event_still_reads_every_example_and_writes_the_newest(subject: str) -> None:
    shipped = examples(subject)

    read = [CATALOGUE[subject].model_validate(example) for example in shipped]

    assert read[-1].model_dump(mode="json") == shipped[-1]


def test_every_example_belongs_to_an_event_that_can_still_be_read() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(CATALOGUE)


@each_event
def test_an_event_carries_ids_and_codes_only(subject: str) -> None:
    assert list(suspicions(CATALOGUE[subject])) == []
    for example in examples(subject):
        assert all(CODE.fullmatch(each) for each in strings(example))


class Planted(Event):
    owner: ClassVar[str] = "referral"


class Named(Planted):
    first_name: str


class Worded(Planted):
    outcome: str


class Chatty(Planted):
    detail: dict[str, str]


class Choosy(Planted):
    state: Literal["walked away from us"]


class Listing(Planted):
    seen_at: tuple[str, ...] | None


class Harmless(Planted):
    rung: int
    accepted_by: str | None
    pathway: Literal["self_referral", "active_outreach"]
    agency_ids: tuple[UUID, ...]
    due_on: date


@pytest.mark.parametrize("planted", [Named, Worded, Chatty, Choosy, Listing])
def test_a_planted_personal_field_is_found(planted: type[Event]) -> None:
    assert list(suspicions(planted))


def test_ids_and_codes_are_not_suspected() -> None:
    assert list(suspicions(Harmless)) == []
