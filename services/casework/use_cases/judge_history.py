"""Judge for the coordinator whether a person's history meets the county's rule on coming again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.eligibility_history import End, RepeatResult, RepeatRule, judge
from services.casework.store import facts, history
from services.casework.tables.participants import Intake, ReferralFact
from services.casework.use_cases.find_intake import find_intake
from shared.policy.actor import Caller

ACTION = "read_eligibility_history"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryJudged:
    """The answer, and everything that it rests on."""

    result: RepeatResult
    rule: RepeatRule | None
    stated_result: str | None
    earlier: Sequence[Intake]
    ends: Sequence[End]


async def judge_history(session: AsyncSession, caller: Caller, referral_id: UUID) -> HistoryJudged:
    """Judge by who is linked at this moment; nothing of it is kept or told."""
    intake, person_id = await find_intake(session, caller, referral_id, action=ACTION)
    fact = await facts.find(session, referral_id)
    rule = _rule(fact) if fact is not None else None
    ended = await history.ends_before(session, person_id=person_id, until=intake.received_at)
    ends = [End(at, reason) for at, reason in ended]
    return HistoryJudged(
        result=judge(rule, ends, referred_at=intake.received_at),
        rule=rule,
        stated_result=fact.stated_result if fact is not None else None,
        earlier=await history.earlier_referrals(session, person_id=person_id, than=intake),
        ends=ends,
    )


def _rule(fact: ReferralFact) -> RepeatRule | None:
    """Return the rule that the event told; its columns are filled together or not at all."""
    match fact.policy_id, fact.policy_version, fact.repeat_rule_kind, fact.repeat_days:
        case str(policy_id), int(version), str(kind), int(days):
            return RepeatRule(policy_id=policy_id, policy_version=version, kind=kind, days=days)
    return None
