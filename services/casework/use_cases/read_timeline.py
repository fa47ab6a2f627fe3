"""Read one participant's timeline, newest first, or follow what is added to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import supervises
from services.casework.domain.timeline import hidden_from
from services.casework.store import access, timeline
from services.casework.tables.timeline import TimelineEntry
from services.casework.use_cases.find_participant import find_participant
from shared.policy.actor import Caller

ACTION = "read_timeline"


@dataclass(slots=True)
class Following:
    """How far a reader has come; it remembers what was seen, so that nothing is sent twice.

    Lines are added in no order: one may tell of a moment long before those that are there. So
    what is new is what was not seen, and not what is latest.
    """

    participant_id: UUID
    supervises: bool
    hidden: frozenset[str]
    seen: set[UUID]


async def read_timeline(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    before: timeline.Cursor | None,
    limit: int,
) -> Sequence[timeline.Line]:
    await _permit(session, caller, participant_id)
    return await timeline.timeline_page(
        session,
        participant_id=participant_id,
        hidden=hidden_from(caller.actor.roles),
        before=before,
        limit=limit,
    )


async def begin_following(
    session: AsyncSession, caller: Caller, participant_id: UUID, *, after: UUID | None
) -> Following:
    """Follow from now on; or from a while before *after*, which a reader saw last.

    Some of what a reader saw comes again then, and nothing is missed.
    """
    await _permit(session, caller, participant_id)
    hidden = hidden_from(caller.actor.roles)
    seen = await timeline.line_ids(
        session, participant_id=participant_id, hidden=hidden, after_id=after
    )
    return Following(
        participant_id, supervises=supervises(caller.actor.roles), hidden=hidden, seen=set(seen)
    )


async def new_lines(session: AsyncSession, following: Following) -> Sequence[TimelineEntry] | None:
    """Return what was added since the last look, oldest first; None if the record is now closed.

    It closes when the reader leaves the care team, or when it is restricted to others.
    """
    if not await access.is_visible(
        session, following.participant_id, supervises=following.supervises
    ):
        return None
    there = await timeline.line_ids(
        session, participant_id=following.participant_id, hidden=following.hidden
    )
    new = there - following.seen
    if not new:
        return ()
    following.seen |= new
    return await timeline.lines(session, new)


async def _permit(session: AsyncSession, caller: Caller, participant_id: UUID) -> None:
    await find_participant(session, caller, participant_id, action=ACTION)
