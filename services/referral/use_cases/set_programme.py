"""Set, and show, which county's policy a programme goes by, and where its days begin."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.store import team
from services.referral.tables.referrals import Programme
from services.referral.use_cases.permit_team import permit_team
from shared.clock import app_now
from shared.policy.actor import Caller


async def set_programme(
    session: AsyncSession, caller: Caller, *, policy_id: str, time_zone: str
) -> None:
    programme_id = permit_team(session, caller, "set_up_team")
    await team.set_programme(
        session,
        programme_id=programme_id,
        policy_id=policy_id,
        time_zone=time_zone,
        by=caller.actor.actor_id,
        now=await app_now(session),
    )


async def read_programme(session: AsyncSession, caller: Caller) -> Programme | None:
    permit_team(session, caller, "read_team")
    return await team.programme(session)
