"""The journal: every event a service ever told, in one order without gaps, to be read again."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.tables import TABLES

PAGE = 500


def programme_of(body: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the programme that an event states; null if it is no event of ours."""
    stated: ColumnElement[str] = body["programmeid"].astext
    return stated


class JournalEntry(BaseModel):
    """One event at its place."""

    position: int = Field(ge=1, examples=[1])
    event: dict[str, Any] = Field(description="The event as a structured CloudEvent 1.0")


class JournalPage(BaseModel):
    """Events after a position, oldest first, and how far the journal goes."""

    entries: list[JournalEntry]
    head: int = Field(ge=0, description="The last position given so far")


async def read_page(
    session: AsyncSession, *, after: int, limit: int = PAGE, programme_id: str | None = None
) -> JournalPage:
    """Return up to *limit* events after position *after*, of one programme or of all."""
    table = TABLES.journal
    query = select(table.c.position, table.c.body).where(table.c.position > after)
    if programme_id is not None:
        query = query.where(programme_of(table.c.body) == programme_id)
    rows = await session.execute(query.order_by(table.c.position).limit(limit))
    entries = [JournalEntry(position=row.position, event=row.body) for row in rows]
    head = (await session.execute(select(TABLES.relay_state.c.position))).scalar_one()
    return JournalPage(entries=entries, head=head)


async def find_entry(session: AsyncSession, event_id: UUID) -> JournalEntry | None:
    """Return the journalled event with this id, if it is there (yet)."""
    table = TABLES.journal
    rows = await session.execute(
        select(table.c.position, table.c.body).where(table.c.event_id == event_id)
    )
    row = rows.one_or_none()
    return JournalEntry(position=row.position, event=row.body) if row else None
