"""Release the table of one agency and one closed quarter, once and for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.feedback import SMALL_NUMBERS, Quarter, Row, table_of
from services.casework.errors import QuarterOpen, ReleasedBefore, ReleaseDiffers
from services.casework.store import feedback
from services.casework.tables.feedback import FeedbackRelease
from shared.clock import app_now
from shared.events.casework import FeedbackPublished
from shared.http.access import Resource, permit
from shared.messaging import outbox
from shared.policy.actor import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFeedback:
    release_id: UUID
    agency_id: str
    quarter: Quarter


async def publish_feedback(
    session: AsyncSession, caller: Caller, command: PublishFeedback
) -> FeedbackRelease:
    """Count, hide what would single anybody out, and freeze the rest.

    What was published before under this id is returned as it was, whatever is known today.

    Raises:
        QuarterOpen: the quarter has not ended, or only in the last days.
        ReleaseDiffers: this id was used for another agency or quarter.
        ReleasedBefore: this agency's quarter was released under another id.
    """
    resource = Resource("FeedbackRelease", str(command.release_id), caller.actor.programme_id)
    permit(session, caller, "publish_feedback_release", resource)
    present = await feedback.find(session, command.release_id)
    if present is not None:
        return _same(present, command)
    now = await app_now(session)
    if now < command.quarter.released_from:
        raise QuarterOpen(released_from=command.quarter.released_from.isoformat())
    added = await _add(session, caller, command, now=now)
    if added is None:
        return await _rival(session, command)
    _tell(session, added)
    return added


async def _add(
    session: AsyncSession, caller: Caller, command: PublishFeedback, *, now: datetime
) -> FeedbackRelease | None:
    """Count and keep the table; None if a rival was first."""
    people = await feedback.people_referred(
        session, agency_id=command.agency_id, quarter=command.quarter
    )
    values = {
        "id": command.release_id,
        "programme_id": caller.actor.programme_id,
        "agency_id": command.agency_id,
        "period_from": command.quarter.begins,
        "period_until": command.quarter.until,
        "rows": [_stored(row) for row in table_of(people)],
        "published_at": now,
        "published_by": caller.actor.actor_id,
    }
    return await feedback.add(session, values)


def _same(present: FeedbackRelease, command: PublishFeedback) -> FeedbackRelease:
    asked = (command.agency_id, command.quarter.begins)
    if (present.agency_id, present.period_from) != asked:
        raise ReleaseDiffers
    return present


async def _rival(session: AsyncSession, command: PublishFeedback) -> FeedbackRelease:
    """Somebody was first: with this very release, or with another one of the same quarter."""
    present = await feedback.find(session, command.release_id)
    if present is None:
        raise ReleasedBefore
    return _same(present, command)


def _stored(row: Row) -> dict[str, Any]:
    """Return the row as it is kept; what is hidden is not in it."""
    return {
        "measure": row.measure,
        "label": dict(row.label),
        "shown": row.shown,
        "people": row.people,
        "of": row.of,
        "percent": row.percent,
        "why_hidden": None if row.shown else SMALL_NUMBERS,
    }


def _tell(session: AsyncSession, release: FeedbackRelease) -> None:
    """Tell the other services; it hangs on no referral, so no timeline has a line of it."""
    event = FeedbackPublished(
        programme_id=release.programme_id,
        aggregate_id=release.id,
        aggregate_version=1,
        occurred_at=release.published_at,
        release_id=release.id,
        agency_id=release.agency_id,
        period_from=release.period_from,
        period_until=release.period_until,
    )
    outbox.add(session, event)
