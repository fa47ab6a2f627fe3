"""Find an episode for somebody who may act on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import episodes
from services.casework.tables.episodes import Episode
from services.casework.use_cases.permit_record import permit_record
from shared.policy.actor import Caller


async def find_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, action: str
) -> Episode:
    """Return the episode if the policy lets *caller* do *action* to it."""
    episode = await episodes.find(session, episode_id)
    return await permit_record(
        session, caller, action, kind="Episode", id=episode_id, found=episode
    )
