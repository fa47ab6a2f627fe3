"""What a county's published policy says of what the referrer stated: pure, total, and told the day.

The answer depends on the statement and on the policy's version, and on nothing else. It knows no
person, no earlier referral and no repeat rule: county rules are public, so even "the coordinator
will decide" would tell of a history when every stated fact passes. A repeat rule is carried along
for casework (`repeat` of a version) and never evaluated here.

A fact that a rule needs and nobody stated is never held against the person: it is the
coordinator's to find out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from services.referral.domain.stated import QUESTIONS, Fact, Offence, Reason, Stated

NO_VERSION = 0


class Result(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    COORDINATOR_DECIDES = "coordinator_decides"


class RepeatKind(StrEnum):
    """How a county limits coming again. Judged in casework, for the coordinator."""

    NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END = "not_within_days_of_unsuccessful_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceRule:
    """Offences that a county deflects. Whatever else is stated beside them is another crime."""

    offences: frozenset[Offence]
    victim_must_consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRule:
    """A fact that a county asks for, and what follows when the contrary is stated."""

    fact: Fact
    otherwise: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """When a person may come again. Told to casework, never applied to what an officer is told."""

    kind: RepeatKind
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a version's rules were read, and how far it can be relied on."""

    title: str
    url: str
    dated: date | None
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A county's rules from one day up to and including another; a past version never changes."""

    policy_id: str
    number: int
    effective_from: date
    effective_from_confidence: str
    effective_until: date | None
    covered: tuple[OffenceRule, ...]
    uncovered: Result
    facts: tuple[FactRule, ...]
    reviews: tuple[Reason, ...]
    repeat: RepeatRule | None
    sources: tuple[Source, ...]

    def in_force_on(self, day: date) -> bool:
        """Return whether these are the rules of *day*."""
        until = self.effective_until
        return self.effective_from <= day and (until is None or day <= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One county's versions, oldest first, without gap or overlap (the loader sees to it)."""

    id: str
    county: str
    versions: tuple[PolicyVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is told to whoever referred, and under which rules; version 0 is "none in force"."""

    result: Result
    reasons: tuple[Reason, ...]
    policy_id: str
    policy_version: int


Finding = tuple[Result, Reason]


def local_day(at: datetime, time_zone: tzinfo) -> date:
    """Return the county's calendar day at the moment *at*: its policies begin at its midnight."""
    return at.astimezone(time_zone).date()


def version_in_force(policy: Policy, day: date) -> PolicyVersion | None:
    """Return the version of the county's local *day* (see `local_day`), or None outside of all."""
    return next((version for version in policy.versions if version.in_force_on(day)), None)


def judge(stated: Stated, policy: Policy, day: date) -> Decision:
    """Decide by the version in force on the county's local *day*.

    Before a policy's first day, or after its last, an offence is the coordinator's to judge.
    """
    version = version_in_force(policy, day)
    if version is not None:
        return decide(stated, version)
    finding = (Result.COORDINATOR_DECIDES, Reason.NO_POLICY_IN_FORCE)
    if not involves_an_offence(stated):
        finding = (Result.ELIGIBLE, Reason.NO_OFFENCE_INVOLVED)
    return _told([finding], policy_id=policy.id, policy_version=NO_VERSION)


def decide(stated: Stated, version: PolicyVersion) -> Decision:
    """Apply every rule of *version*: one "not eligible" outweighs all, then one open question."""
    if involves_an_offence(stated):
        findings = [
            *_of_offences(stated, version),
            *_of_facts(stated, version),
            *((Result.COORDINATOR_DECIDES, reason) for reason in version.reviews),
        ]
    else:
        findings = [(Result.ELIGIBLE, Reason.NO_OFFENCE_INVOLVED)]
    return _told(findings, policy_id=version.policy_id, policy_version=version.number)


def involves_an_offence(stated: Stated) -> bool:
    """Return whether there is anything to charge: only then do a county's rules matter.

    Of the six pathways only officer intervention replaces a charge (BJA, "Checklist for Obtaining
    Officer Support": deflection is where no arrest was otherwise needed). The others are a plain
    referral to care, open to everybody, whatever else was stated.
    """
    if stated.pathway != "officer_intervention":
        return False
    return stated.offences != {Offence.NONE} or stated.other_crime is True


def _of_offences(stated: Stated, version: PolicyVersion) -> Iterator[Finding]:
    offences = stated.offences - {Offence.NONE}
    if not offences:
        yield Result.COORDINATOR_DECIDES, Reason.OFFENCE_NOT_STATED
        return
    applying = [rule for rule in version.covered if rule.offences & offences]
    if not applying:
        yield version.uncovered, Reason.OFFENCE_NOT_COVERED
    elif _beside(offences, version) and not _rules_on(version, Fact.OTHER_CRIME):
        yield Result.COORDINATOR_DECIDES, Reason.OTHER_CRIME
    if any(rule.victim_must_consent for rule in applying):
        rule = FactRule(fact=Fact.VICTIM_CONSENTS, otherwise=Result.NOT_ELIGIBLE)
        yield from _of_answer(rule, stated.victim_consents)


def _of_facts(stated: Stated, version: PolicyVersion) -> Iterator[Finding]:
    for rule in version.facts:
        answer = stated.answer(rule.fact)
        if rule.fact is Fact.OTHER_CRIME and _beside(stated.offences, version):
            answer = True
        yield from _of_answer(rule, answer)


def _of_answer(rule: FactRule, answer: bool | None) -> Iterator[Finding]:  # noqa: FBT001 - it is the answer itself
    question = QUESTIONS[rule.fact]
    if answer is None:
        yield Result.COORDINATOR_DECIDES, question.missing
    elif answer is not question.passes:
        yield rule.otherwise, question.contrary


def _beside(offences: frozenset[Offence], version: PolicyVersion) -> frozenset[Offence]:
    """Return the offences that stand beside a covered one without being covered themselves."""
    covered = frozenset[Offence]().union(*(rule.offences for rule in version.covered))
    return offences - covered - {Offence.NONE} if offences & covered else frozenset()


def _rules_on(version: PolicyVersion, fact: Fact) -> bool:
    return any(rule.fact is fact for rule in version.facts)


def _told(findings: Iterable[Finding], *, policy_id: str, policy_version: int) -> Decision:
    by_result: dict[Result, set[Reason]] = {}
    for result, reason in findings:
        by_result.setdefault(result, set()).add(reason)
    by_result.setdefault(Result.ELIGIBLE, {Reason.CRITERIA_MET})
    weightiest = next(
        result
        for result in (Result.NOT_ELIGIBLE, Result.COORDINATOR_DECIDES, Result.ELIGIBLE)
        if result in by_result
    )
    return Decision(
        result=weightiest,
        reasons=tuple(reason for reason in Reason if reason in by_result[weightiest]),
        policy_id=policy_id,
        policy_version=policy_version,
    )
