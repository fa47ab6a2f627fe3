"""Whether a person's history meets the county's rule on coming again: for the coordinator alone.

Nothing of this reaches the referral service or an officer: the rules are public, so an answer that
differed for somebody known would tell of their past (docs/how-to/add-a-county-policy.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RepeatResult(StrEnum):
    NO_RULE = "no_rule"
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN_RULE = "unknown_rule"


# Which ends "did not succeed" no county's text says. Ours: the person turned the work down, or
# could not be found. Prison, illness and moving away do not count, and a coordinator decides.
UNSUCCESSFUL = frozenset({"declined", "unreachable"})
NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END = "not_within_days_of_unsuccessful_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """The rule as the referral service told it, with the version of the policy it is from."""

    policy_id: str
    policy_version: int
    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class End:
    """A time an episode of the person was closed before this referral."""

    at: datetime
    reason_code: str

    @property
    def unsuccessful(self) -> bool:
        return self.reason_code in UNSUCCESSFUL


def judge(rule: RepeatRule | None, ends: Collection[End], *, referred_at: datetime) -> RepeatResult:
    """Return whether the person may come again by *rule*, given what ended before.

    Example: Multnomah's criteria refuse within 30 days of an earlier deflection that failed.
    """
    if rule is None:
        return RepeatResult.NO_RULE
    if rule.kind != NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END:
        return RepeatResult.UNKNOWN_RULE
    since = referred_at - timedelta(days=rule.days)
    recent = any(end.unsuccessful and since < end.at <= referred_at for end in ends)
    return RepeatResult.NOT_MET if recent else RepeatResult.MET
