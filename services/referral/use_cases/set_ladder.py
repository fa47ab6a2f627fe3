"""Set, and show, whom a handoff is offered to, rung by rung."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.ladder import Rung
from services.referral.store import team
from services.referral.use_cases.permit_team import permit_team
from shared.clock import app_now
from shared.policy.actor import Caller


async def set_ladder(
    session: AsyncSession, caller: Caller, rungs: Sequence[Mapping[str, Any]]
) -> None:
    programme_id = permit_team(session, caller, "set_up_team")
    await team.set_ladder(
        session,
        programme_id=programme_id,
        rungs=rungs,
        by=caller.actor.actor_id,
        now=await app_now(session),
    )


async def read_ladder(session: AsyncSession, caller: Caller) -> Sequence[Rung]:
    permit_team(session, caller, "read_team")
    return await team.ladder(session)
