"""Queries about timelines."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.timeline import Entry
from services.casework.tables.participants import ParticipantReferral
from services.casework.tables.timeline import TimelineEntry
from shared.db import writes
from shared.db.writes import Conflict

Cursor = tuple[datetime, UUID]

ENTRIES = writes.table_of(TimelineEntry)
# A constant, because building it anew cost more than the database took to answer it.
PAGE = """
SELECT entry.id::text, entry.source_kind, entry.source_id::text, entry.referral_id::text,
    entry.kind, entry.happened_at, entry.detail::text
FROM timeline_entry AS entry JOIN participant_referral USING (referral_id)
WHERE participant_id = :participant_id AND entry.kind <> ALL (:hidden) {and_before}
ORDER BY entry.happened_at DESC, entry.id DESC LIMIT :limit
"""
FIRST_PAGE = text(PAGE.format(and_before=""))
LATER_PAGE = text(
    PAGE.format(and_before="AND (entry.happened_at, entry.id) < (:before_moment, :before_id)")
)
Line = Row[str, str, str, str, str, datetime, str]
COLUMNS = tuple(each.name for each in fields(Entry))
ONCE = Conflict(("id",))

# Whoever adds lines commits within this time, so what was added earlier is surely seen by now.
COMMITS_WITHIN = timedelta(minutes=1)
Ts = TypeVarTuple("Ts")


def add_entries(session: AsyncSession, entries: Iterable[Entry]) -> None:
    """Add *entries*, each once."""
    for entry in entries:
        row = {name: getattr(entry, name) for name in COLUMNS}
        writes.add(session, ENTRIES, row, conflict=ONCE)


async def timeline_page(
    session: AsyncSession,
    *,
    participant_id: UUID,
    hidden: Collection[str],
    before: Cursor | None,
    limit: int,
) -> Sequence[Line]:
    """Return a participant's lines, newest first, from every referral that is about them.

    Kinds that are hidden are left out here, so that pages stay full. Ids and what a line says stay
    the text that the database writes of them: nobody here looks into either.
    """
    values = {"participant_id": participant_id, "hidden": list(hidden), "limit": limit}
    if before is None:
        return (await session.execute(FIRST_PAGE, values)).all()
    place = dict(zip(("before_moment", "before_id"), before, strict=True))
    return (await session.execute(LATER_PAGE, values | place)).all()


async def line_ids(
    session: AsyncSession,
    *,
    participant_id: UUID,
    hidden: Collection[str],
    after_id: UUID | None = None,
) -> frozenset[UUID]:
    """Return the ids of a participant's entries; with *after_id*, of those added well before it.

    All of them if that is none of theirs.
    """
    query = _about(select(TimelineEntry.id), participant_id, hidden)
    if after_id is not None:
        added = _about(select(TimelineEntry.added_at), participant_id, hidden)
        last = await session.scalar(added.where(TimelineEntry.id == after_id))
        if last is not None:
            known = TimelineEntry.added_at < last - COMMITS_WITHIN
            query = query.where(or_(known, TimelineEntry.id == after_id))
    return frozenset((await session.scalars(query)).all())


async def lines(session: AsyncSession, ids: Collection[UUID]) -> Sequence[TimelineEntry]:
    """Return these entries, oldest first."""
    return (
        await session.scalars(
            select(TimelineEntry)
            .where(TimelineEntry.id.in_(ids))
            .order_by(TimelineEntry.happened_at, TimelineEntry.id)
        )
    ).all()


def _about(query: Select[*Ts], participant_id: UUID, hidden: Collection[str]) -> Select[*Ts]:
    """Keep to what is about the participant and not hidden."""
    return query.join(
        ParticipantReferral, ParticipantReferral.referral_id == TimelineEntry.referral_id
    ).where(
        ParticipantReferral.participant_id == participant_id,
        TimelineEntry.kind.not_in(hidden),
    )
