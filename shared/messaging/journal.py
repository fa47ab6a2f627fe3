"""The journal: every event a service ever told, in one order without gaps, to be read again."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.tables import TABLES

PAGE = 500


class JournalEntry(BaseModel):
    """One event at its place."""

    position: int = Field(ge=1, examples=[1])
    event: dict[str, Any] = Field(description="The event as a structured CloudEvent 1.0")


class JournalPage(BaseModel):
    """Events after a position, oldest first, and how far the journal goes."""

    entries: list[JournalEntry]
    head: int = Field(ge=0, description="The last position given so far")


async def read_page(session: AsyncSession, *, after: int, limit: int = PAGE) -> JournalPage:
    """Return up to *limit* events after position *after*."""
    table = TABLES.journal
    rows = await session.execute(
        select(table.c.position, table.c.body)
        .where(table.c.position > after)
        .order_by(table.c.position)
        .limit(limit)
    )
    entries = [JournalEntry(position=row.position, event=row.body) for row in rows]
    head = (await session.execute(select(func.max(table.c.position)))).scalar_one()
    return JournalPage(entries=entries, head=head or 0)


async def find_entry(session: AsyncSession, event_id: UUID) -> JournalEntry | None:
    """Return the journalled event with this id, if it is there (yet)."""
    table = TABLES.journal
    rows = await session.execute(
        select(table.c.position, table.c.body).where(table.c.event_id == event_id)
    )
    row = rows.one_or_none()
    return JournalEntry(position=row.position, event=row.body) if row else None
