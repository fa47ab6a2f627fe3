"""Whom a county's policy keeps out or leaves to the coordinator, as anybody may read it beforehand.

Whatever `decide` can hold against a statement is listed here; besides it, whatever a rule asks for
and nobody stated is the coordinator's to find out.
"""

from collections.abc import Iterator

from services.referral.domain.eligibility import Finding, PolicyVersion, Result
from services.referral.domain.stated import QUESTIONS, Fact, Reason


def exclusions(version: PolicyVersion) -> tuple[Finding, ...]:
    """Return what follows from each answer that *version* does not let in, weightiest first."""
    found = set(_found(version))
    return tuple(
        (result, reason)
        for result in (Result.NOT_ELIGIBLE, Result.COORDINATOR_DECIDES)
        for reason in Reason
        if (result, reason) in found
    )


def _found(version: PolicyVersion) -> Iterator[Finding]:
    yield version.uncovered, Reason.OFFENCE_NOT_COVERED
    for rule in version.facts:
        yield rule.otherwise, QUESTIONS[rule.fact].contrary
    if all(rule.fact is not Fact.OTHER_CRIME for rule in version.facts):
        yield Result.COORDINATOR_DECIDES, Reason.OTHER_CRIME
    if any(rule.victim_must_consent for rule in version.covered):
        yield Result.NOT_ELIGIBLE, Reason.VICTIM_DOES_NOT_CONSENT
    for reason in version.reviews:
        yield Result.COORDINATOR_DECIDES, reason
