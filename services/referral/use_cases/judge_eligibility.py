"""Judge a referral by the county policy in force, once, from what the referrer stated alone."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import (
    Decision,
    Policy,
    RepeatRule,
    Result,
    judge,
    local_day,
    version_in_force,
)
from services.referral.domain.stated import Reason, Stated
from services.referral.store import referrals
from services.referral.store.team import Facts
from services.referral.tables.referrals import Eligibility, Referral
from shared.events.referral import ReferralEligibilityDecided
from shared.messaging import outbox

NO_POLICY = Policy(id="none", county="none", versions=())
USUAL_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Told:
    """What the referrer is told; stored, so that every repetition is told the same."""

    result: Result
    reasons: tuple[Reason, ...]
    policy_id: str
    policy_version: int


def zone_of(time_zone: str | None) -> ZoneInfo:
    """Return where the days of a programme begin that names this zone, or none."""
    return ZoneInfo(time_zone or USUAL_ZONE)


def judge_eligibility(
    session: AsyncSession, referral: Referral, stated: Stated, facts: Facts
) -> Told:
    """Decide, keep and tell what the programme's policy says of *stated* on its local day.

    The repeat rule goes along in the event: history is judged in casework (decision 0024).
    """
    policy = county_policies()[facts.policy_id] if facts.policy_id else NO_POLICY
    day = local_day(referral.received_at, zone_of(facts.time_zone))
    decision = judge(stated, policy, day)
    referrals.add_eligibility(
        session,
        Eligibility(
            referral_id=referral.id,
            programme_id=referral.programme_id,
            policy_id=decision.policy_id,
            policy_version=decision.policy_version,
            result=decision.result,
            reason_codes=[reason.value for reason in decision.reasons],
            decided_at=referral.received_at,
        ),
    )
    version = version_in_force(policy, day)
    outbox.add(session, _event(referral, decision, version.repeat if version else None))
    return Told(decision.result, decision.reasons, decision.policy_id, decision.policy_version)


async def told_before(session: AsyncSession, referral_id: UUID) -> Told:
    """Return what the referrer was told when the referral was made."""
    kept = await referrals.find_eligibility(session, referral_id)
    if kept is None:
        raise LookupError("a referral is judged when it is made")
    reasons = tuple(Reason(code) for code in kept.reason_codes)
    return Told(Result(kept.result), reasons, kept.policy_id, kept.policy_version)


def _event(
    referral: Referral, decision: Decision, repeat: RepeatRule | None
) -> ReferralEligibilityDecided:
    return ReferralEligibilityDecided(
        programme_id=referral.programme_id,
        aggregate_id=referral.id,
        aggregate_version=referral.version,
        occurred_at=referral.received_at,
        referral_id=referral.id,
        policy_id=decision.policy_id,
        policy_version=decision.policy_version,
        result=decision.result.value,
        reason_codes=tuple(reason.value for reason in decision.reasons),
        repeat_rule_kind=repeat.kind.value if repeat else None,
        repeat_days=repeat.days if repeat else None,
    )
