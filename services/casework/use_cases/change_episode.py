"""Change an episode at a worker's word: enrol, pause, resume, close, reopen; and its care team."""

from collections.abc import Awaitable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import EpisodeState
from services.casework.errors import EpisodeOutOfOrder
from services.casework.store import episodes
from services.casework.tables.episodes import CareTeamMember, Episode
from services.casework.use_cases import move_episode
from shared.clock import app_now
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


async def enrol_episode(session: AsyncSession, caller: Caller, episode_id: UUID) -> Episode:
    """The person agreed to take part; follow-ups are planned. Also ends a pause."""
    await _may(session, caller, episode_id, action="enrol_episode")
    moving = move_episode.enrol(session, episode_id)
    return await _moved(session, episode_id, moving, to=EpisodeState.ENROLLED)


async def pause_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, reason_code: str
) -> Episode:
    await _may(session, caller, episode_id, action="manage_episode")
    moving = move_episode.pause(session, episode_id, reason_code=reason_code)
    return await _moved(session, episode_id, moving, to=EpisodeState.PAUSED)


async def close_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, reason_code: str
) -> Episode:
    await _may(session, caller, episode_id, action="manage_episode")
    moving = move_episode.close(session, episode_id, reason_code=reason_code)
    return await _moved(session, episode_id, moving, to=EpisodeState.CLOSED)


async def reopen_episode(session: AsyncSession, caller: Caller, episode_id: UUID) -> Episode:
    await _may(session, caller, episode_id, action="manage_episode")
    moving = move_episode.reopen(session, episode_id)
    return await _moved(session, episode_id, moving, to=EpisodeState.OUTREACH)


async def join_team(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, staff_id: str, role_code: str
) -> None:
    episode = await _may(session, caller, episode_id, action="manage_episode")
    now = await app_now(session)
    await episodes.join_team(session, episode, staff_id=staff_id, role_code=role_code, now=now)


async def leave_team(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, staff_id: str
) -> None:
    await _may(session, caller, episode_id, action="manage_episode")
    now = await app_now(session)
    await episodes.leave_team(session, episode_id=episode_id, staff_id=staff_id, now=now)


async def read_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID
) -> tuple[Episode, list[CareTeamMember]]:
    """Return the episode with everybody who is or was on its care team."""
    episode = await _may(session, caller, episode_id, action="read_episode")
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
    await permit(session, caller, "list_episodes", resource)
    worker_id = caller.actor.actor_id if mine else None
    return list(
        await episodes.page(session, state=state, worker_id=worker_id, before=before, limit=limit)
    )


async def _may(session: AsyncSession, caller: Caller, episode_id: UUID, *, action: str) -> Episode:
    episode = await episodes.find(session, episode_id)
    if episode is None:
        raise Denied.missing(action, kind="Episode", id=str(episode_id))
    resource = Resource("Episode", str(episode_id), episode.programme_id)
    await permit(session, caller, action, resource)
    return episode


async def _moved(
    session: AsyncSession,
    episode_id: UUID,
    moving: Awaitable[Episode | None],
    *,
    to: EpisodeState,
) -> Episode:
    """Return the episode where it was to go; being there already is no mistake.

    Raises:
        EpisodeOutOfOrder: it does not stand where this could come next.
    """
    moved = await moving
    if moved is not None:
        return moved
    present = await episodes.find(session, episode_id)
    if present is None or present.state != to:
        stands = present.state if present else "nowhere"
        raise EpisodeOutOfOrder(f"The episode stands at: {stands}.")
    return present
