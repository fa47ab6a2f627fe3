"""Read what counties have published: the same to everybody, and about nobody."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import (
    Policy,
    PolicyVersion,
    local_day,
    version_in_force,
)
from services.referral.store import team
from services.referral.use_cases.judge_eligibility import zone_of
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller

ACTION = "read_eligibility_policies"
KIND = "EligibilityPolicy"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Published:
    """A policy, and which of its versions is in force today."""

    policy: Policy
    in_force: PolicyVersion | None


async def list_policies(session: AsyncSession, caller: Caller) -> list[Published]:
    permit(session, caller, ACTION, Resource(KIND, ALL, caller.actor.programme_id))
    today = await _today(session)
    return [Published(each, version_in_force(each, today)) for each in county_policies().values()]


async def read_policy(session: AsyncSession, caller: Caller, county: str) -> Published:
    permit(session, caller, ACTION, Resource(KIND, county, caller.actor.programme_id))
    policy = county_policies().get(county)
    if policy is None:
        raise Denied.missing(ACTION, kind=KIND, id=county)
    return Published(policy, version_in_force(policy, await _today(session)))


async def _today(session: AsyncSession) -> date:
    """Return the day by which a referral made now would be judged."""
    facts = await team.facts(session)
    return local_day(facts.now, zone_of(facts.time_zone))
