"""Move an episode from one state to the next, with all that follows from it.

Who may do so is asked by the callers: a worker's request, or what was heard of the handoff.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import EpisodeState
from services.casework.store import episodes
from services.casework.tables.episodes import Episode
from services.casework.use_cases.plan_followups import cancel_followups, plan_followups
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import (
    EpisodeClosed,
    EpisodeEnrolled,
    EpisodeEvent,
    EpisodePaused,
    EpisodeReopened,
)


async def enrol(session: AsyncSession, episode_id: UUID) -> Episode | None:
    """The person agreed to take part: follow-ups are planned from now on."""
    now = await app_now(session)
    moved = await episodes.move(
        session,
        episode_id,
        to=EpisodeState.ENROLLED,
        values={"enrolled_at": now, "paused_at": None},
    )
    if moved is not None:
        await _tell(session, moved, EpisodeEnrolled)
        await plan_followups(session, moved)
    return moved


async def pause(session: AsyncSession, episode_id: UUID, *, reason_code: str) -> Episode | None:
    """Let the work rest; what was planned is cancelled."""
    now = await app_now(session)
    moved = await episodes.move(
        session, episode_id, to=EpisodeState.PAUSED, values={"paused_at": now}
    )
    if moved is not None:
        await _tell(session, moved, EpisodePaused, reason_code=reason_code)
        await cancel_followups(session, moved)
    return moved


async def close(session: AsyncSession, episode_id: UUID, *, reason_code: str) -> Episode | None:
    """End the work; what was planned is cancelled."""
    now = await app_now(session)
    moved = await episodes.move(
        session,
        episode_id,
        to=EpisodeState.CLOSED,
        values={"closed_at": now, "close_reason_code": reason_code, "paused_at": None},
    )
    if moved is not None:
        await _tell(session, moved, EpisodeClosed, reason_code=reason_code)
        await cancel_followups(session, moved)
    return moved


async def reopen(session: AsyncSession, episode_id: UUID) -> Episode | None:
    """Go on with the work and its goals; outreach comes first again."""
    moved = await episodes.move(
        session,
        episode_id,
        to=EpisodeState.OUTREACH,
        values={
            "closed_at": None,
            "close_reason_code": None,
            "enrolled_at": None,
            "sequence": Episode.sequence + 1,
        },
    )
    if moved is not None:
        await _tell(session, moved, EpisodeReopened, stated={"sequence": moved.sequence})
    return moved


async def _tell(
    session: AsyncSession,
    episode: Episode,
    kind: type[EpisodeEvent],
    *,
    stated: dict[str, Any] | None = None,
    **detail: str,
) -> None:
    event = kind(
        programme_id=episode.programme_id,
        aggregate_id=episode.id,
        aggregate_version=episode.version,
        occurred_at=await app_now(session),
        referral_id=episode.referral_id,
        episode_id=episode.id,
        **(stated or {}),
    )
    tell(session, event, **detail)
