"""Plan an episode's follow-ups, move them to safer hours, and cancel them when work ends."""

from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.followups import (
    CADENCES,
    USUAL_HOURS,
    FollowupKind,
    FollowupState,
    SafeHours,
    next_safe,
    plan,
)
from services.casework.store import followups
from services.casework.tables.episodes import Episode
from services.casework.tables.work import Followup
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import FollowupCancelled, FollowupScheduled
from shared.messaging.timers import Timer, set_timer

DUE_TIMER = "followup_due"
WINDOW_TIMER = "followup_window"


async def plan_followups(session: AsyncSession, episode: Episode) -> None:
    """Plan the follow-ups of an episode in which the person has just agreed to take part."""
    if episode.enrolled_at is None:
        raise ValueError("follow-ups are planned from the enrolment on")
    hours = await _hours(session, referral_id=episode.referral_id)
    for each in plan(episode.enrolled_at, hours):
        planned = await followups.put(
            session,
            {
                "id": uuid5(episode.id, f"{episode.sequence}/{each.kind}"),
                "programme_id": episode.programme_id,
                "episode_id": episode.id,
                "referral_id": episode.referral_id,
                "sequence": episode.sequence,
                "kind": each.kind,
                "planned_for": each.planned_for,
                "due_at": each.due_at,
                "window_ends_at": each.window_ends_at,
            },
        )
        if planned is not None:
            await _scheduled(session, planned)


async def replan_followups(session: AsyncSession, *, referral_id: UUID) -> None:
    """Move what is still ahead into the hours that are safe now."""
    hours = await _hours(session, referral_id=referral_id)
    for each in await followups.ahead_of_person(session, referral_id=referral_id):
        due_at = next_safe(each.planned_for, hours)
        moved = await followups.postpone(
            session,
            each.id,
            due_at=due_at,
            window_ends_at=due_at + CADENCES[FollowupKind(each.kind)].window,
        )
        if moved is not None:
            await _scheduled(session, moved)


async def cancel_followups(session: AsyncSession, episode: Episode) -> None:
    """Cancel what has not happened yet: the episode ended or rests."""
    now = await app_now(session)
    cancelled = await followups.move(
        session, Followup.episode_id == episode.id, to=FollowupState.CANCELLED
    )
    for each in cancelled:
        tell(
            session,
            FollowupCancelled(
                programme_id=each.programme_id,
                aggregate_id=each.id,
                aggregate_version=each.version,
                occurred_at=now,
                referral_id=each.referral_id,
                episode_id=each.episode_id,
                followup_id=each.id,
                followup_kind=each.kind,
            ),
        )


async def _hours(session: AsyncSession, *, referral_id: UUID) -> SafeHours:
    found = await followups.safe_contact_of(session, referral_id=referral_id)
    if found is None:
        return USUAL_HOURS
    return SafeHours(found.time_zone, found.from_time, found.until_time)


async def _scheduled(session: AsyncSession, followup: Followup) -> None:
    """Set the timers, anew if they were set before, and tell when it is."""
    for kind, due_at in (
        (DUE_TIMER, followup.due_at),
        (WINDOW_TIMER, followup.window_ends_at),
    ):
        set_timer(session, Timer(kind, followup.id, followup.programme_id, due_at))
    tell(
        session,
        FollowupScheduled(
            programme_id=followup.programme_id,
            aggregate_id=followup.id,
            aggregate_version=followup.version,
            occurred_at=await app_now(session),
            referral_id=followup.referral_id,
            episode_id=followup.episode_id,
            followup_id=followup.id,
            followup_kind=followup.kind,
            due_at=followup.due_at,
        ),
    )
