"""Say who works on an episode."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import episodes
from services.casework.use_cases.find_episode import find_episode
from shared.clock import app_now
from shared.policy.actor import Caller

ACTION = "manage_episode"


async def join_team(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, staff_id: str, role_code: str
) -> None:
    episode = await find_episode(session, caller, episode_id, action=ACTION)
    now = await app_now(session)
    await episodes.join_team(session, episode, staff_id=staff_id, role_code=role_code, now=now)


async def leave_team(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, staff_id: str
) -> None:
    await find_episode(session, caller, episode_id, action=ACTION)
    now = await app_now(session)
    await episodes.leave_team(session, episode_id=episode_id, staff_id=staff_id, now=now)
