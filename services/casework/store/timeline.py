"""Queries about timelines."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.timeline import Entry
from services.casework.tables.participants import ParticipantReferral
from services.casework.tables.timeline import TimelineEntry

Cursor = tuple[datetime, UUID]


async def add_entries(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Add *entries*, each once, in one statement."""
    if not entries:
        return
    rows = [asdict(entry) for entry in entries]
    await session.execute(insert(TimelineEntry).values(rows).on_conflict_do_nothing())


async def timeline_page(
    session: AsyncSession, *, participant_id: UUID, before: Cursor | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return a participant's entries, newest first, from every referral that is about them."""
    query = (
        select(TimelineEntry)
        .join(ParticipantReferral, ParticipantReferral.referral_id == TimelineEntry.referral_id)
        .where(ParticipantReferral.participant_id == participant_id)
        .order_by(TimelineEntry.happened_at.desc(), TimelineEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(TimelineEntry.happened_at, TimelineEntry.id) < before)
    return (await session.scalars(query)).all()
