"""Find an episode for somebody who may act on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import episodes
from services.casework.tables.episodes import Episode
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


async def find_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, action: str
) -> Episode:
    """Return the episode if the policy lets *caller* do *action* to it."""
    episode = await episodes.find(session, episode_id)
    if episode is None:
        raise Denied.missing(action, kind="Episode", id=str(episode_id))
    resource = Resource("Episode", str(episode_id), episode.programme_id)
    permit(session, caller, action, resource)
    return episode
