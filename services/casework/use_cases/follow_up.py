"""A follow-up comes due, is completed, or is missed; of completing and missing one wins."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.followups import FollowupState
from services.casework.errors import FollowupOver
from services.casework.store import access, episodes, followups
from services.casework.tables.work import Followup
from services.casework.use_cases.permit_record import permit_record
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import FollowupCompleted, FollowupDue, FollowupEvent, FollowupMissed
from shared.messaging.timers import Timer
from shared.policy.actor import Caller


async def followup_is_due(session: AsyncSession, timer: Timer) -> None:
    """Tell the care team that it is time, unless it was done or cancelled before."""
    now = await app_now(session)
    due = await followups.move(
        session,
        Followup.id == timer.aggregate_id,
        Followup.due_at <= now,
        to=FollowupState.DUE,
    )
    for each in due:
        await _tell(session, each, FollowupDue, assigned_ids=await _assigned(session, each))


async def window_is_over(session: AsyncSession, timer: Timer) -> None:
    """Note that nobody was in touch in time; the next follow-up stands as it was."""
    now = await app_now(session)
    missed = await followups.move(
        session,
        Followup.id == timer.aggregate_id,
        Followup.window_ends_at <= now,
        to=FollowupState.MISSED,
    )
    for each in missed:
        await _tell(session, each, FollowupMissed, assigned_ids=await _assigned(session, each))


async def complete_followup(
    session: AsyncSession, caller: Caller, followup_id: UUID, *, contact_id: UUID | None
) -> Followup:
    """Note that the follow-up took place; noting it again changes nothing.

    Raises:
        FollowupOver: it was missed or cancelled before.
    """
    followup = await followups.find(session, followup_id)
    await permit_record(
        session, caller, "complete_followup", kind="Followup", id=followup_id, found=followup
    )
    return await completed(session, followup_id, by=caller.actor.actor_id, contact_id=contact_id)


async def completed(
    session: AsyncSession, followup_id: UUID, *, by: str, contact_id: UUID | None
) -> Followup:
    """Complete the follow-up for somebody who may."""
    done = await followups.move(
        session,
        Followup.id == followup_id,
        to=FollowupState.COMPLETED,
        completed_at=await app_now(session),
        completed_by=by,
        contact_id=contact_id,
    )
    for each in done:
        await _tell(session, each, FollowupCompleted, completed_by=by)
        return each
    present = await followups.find(session, followup_id)
    if present is None or present.state != FollowupState.COMPLETED:
        raise FollowupOver
    return present


async def _assigned(session: AsyncSession, followup: Followup) -> tuple[str, ...]:
    team = await episodes.team(session, episode_id=followup.episode_id)
    return await access.who_may_be_told(
        session,
        referral_id=followup.referral_id,
        staff_ids=[member.staff_id for member in team if member.until is None],
    )


async def _tell(
    session: AsyncSession,
    followup: Followup,
    kind: type[FollowupEvent],
    **stated: str | tuple[str, ...],
) -> None:
    event = kind.model_validate(
        {
            "programme_id": followup.programme_id,
            "aggregate_id": followup.id,
            "aggregate_version": followup.version,
            "occurred_at": await app_now(session),
            "referral_id": followup.referral_id,
            "episode_id": followup.episode_id,
            "followup_id": followup.id,
            "followup_kind": followup.kind,
            **stated,
        }
    )
    tell(session, event)
