"""Change an episode at a worker's word: enrol, pause, resume, close, reopen."""

from collections.abc import Awaitable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import EpisodeState
from services.casework.errors import EpisodeOutOfOrder
from services.casework.store import episodes
from services.casework.tables.episodes import Episode
from services.casework.use_cases import move_episode
from services.casework.use_cases.find_episode import find_episode
from shared.policy.actor import Caller


async def enrol_episode(session: AsyncSession, caller: Caller, episode_id: UUID) -> Episode:
    """The person agreed to take part; follow-ups are planned. Also ends a pause."""
    await find_episode(session, caller, episode_id, action="enrol_episode")
    moving = move_episode.enrol(session, episode_id)
    return await _moved(session, episode_id, moving, to=EpisodeState.ENROLLED)


async def pause_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, reason_code: str
) -> Episode:
    await find_episode(session, caller, episode_id, action="manage_episode")
    moving = move_episode.pause(session, episode_id, reason_code=reason_code)
    return await _moved(session, episode_id, moving, to=EpisodeState.PAUSED)


async def close_episode(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, reason_code: str
) -> Episode:
    await find_episode(session, caller, episode_id, action="manage_episode")
    moving = move_episode.close(session, episode_id, reason_code=reason_code)
    return await _moved(session, episode_id, moving, to=EpisodeState.CLOSED)


async def reopen_episode(session: AsyncSession, caller: Caller, episode_id: UUID) -> Episode:
    await find_episode(session, caller, episode_id, action="manage_episode")
    moving = move_episode.reopen(session, episode_id)
    return await _moved(session, episode_id, moving, to=EpisodeState.OUTREACH)


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
