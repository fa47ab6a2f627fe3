"""Read one participant's timeline, newest first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import intakes, timeline
from services.casework.tables.timeline import TimelineEntry
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller

ACTION = "read_timeline"


async def read_timeline(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    before: timeline.Cursor | None,
    limit: int,
) -> Sequence[TimelineEntry]:
    participant = await intakes.find_participant(session, participant_id)
    if participant is None:
        raise Denied.missing(ACTION, kind="Participant", id=str(participant_id))
    await permit(
        session,
        caller,
        ACTION,
        Resource(kind="Participant", id=str(participant_id), programme_id=participant.programme_id),
    )
    return await timeline.timeline_page(
        session, participant_id=participant_id, before=before, limit=limit
    )
