"""Read one episode with its care team, or a caseload."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import supervises
from services.casework.domain.episodes import EpisodeState
from services.casework.store import episodes
from services.casework.tables.episodes import CareTeamMember, Episode
from services.casework.use_cases.find_episode import find_episode
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


async def read_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID
) -> tuple[Episode, list[CareTeamMember]]:
    """Return the episode with everybody who is or was on its care team."""
    episode = await find_episode(session, caller, episode_id, action="read_episode")
    return episode, list(await episodes.team(session, episode_id=episode_id))


async def list_episodes(
    session: AsyncSession,
    caller: Caller,
    *,
    mine: bool,
    state: EpisodeState | None,
    before: episodes.Cursor | None,
    limit: int,
) -> list[Episode]:
    """Return episodes, newest first; a caseload if *mine*."""
    resource = Resource("Episodes", "all", caller.actor.programme_id)
    permit(session, caller, "list_episodes", resource)
    worker_id = caller.actor.actor_id if mine else None
    return list(
        await episodes.page(
            session,
            supervises=supervises(caller.actor.roles),
            state=state,
            worker_id=worker_id,
            before=before,
            limit=limit,
        )
    )
