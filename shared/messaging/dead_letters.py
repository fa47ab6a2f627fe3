"""Dead letters: events that a consumer could not handle, listed, read and replayed by a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.session import Sessions
from shared.messaging.cloudevents import UnreadableEventError, from_document
from shared.messaging.delivery import Done, deliver
from shared.messaging.journal import programme_of
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES

AT_MOST = 50


class DeadLetter(BaseModel):
    """One event that one consumer has given up on until somebody replays it."""

    consumer: str = Field(examples=["casework-intake"])
    event_id: UUID
    subject: str = Field(examples=["deflection.referral.created.v1"])
    state: str = Field(description="parked, replaying, or handled by a replay", examples=["parked"])
    attempts: int
    error: str = Field(examples=["UnreadableEventError"])
    first_failed_at: datetime
    last_failed_at: datetime


class DeadLetterWithEvent(DeadLetter):
    """A dead letter and the event as it arrived (ids and codes only, as all events are)."""

    body: dict[str, Any]


async def list_dead_letters(
    session: AsyncSession, *, limit: int, programme_id: str | None = None
) -> Sequence[DeadLetter]:
    """Return what is parked or being replayed, newest failure first, of one programme or of all.

    What states no programme could not be read as an event: it is shown whoever looks.
    """
    table = TABLES.failed_delivery
    query = select(table).where(table.c.state.in_(["parked", "replaying"]))
    if programme_id is not None:
        stated = programme_of(table.c.body)
        query = query.where((stated == programme_id) | stated.is_(None))
    rows = await session.execute(query.order_by(table.c.last_failed_at.desc()).limit(limit))
    return [DeadLetter.model_validate(dict(row._mapping)) for row in rows]  # noqa: SLF001 - public despite its name


async def find_dead_letter(
    session: AsyncSession, *, consumer: str, event_id: UUID
) -> DeadLetterWithEvent | None:
    table = TABLES.failed_delivery
    rows = await session.execute(
        select(table).where(
            table.c.consumer == consumer,
            table.c.event_id == event_id,
            table.c.state != "retrying",
        )
    )
    found = rows.mappings().one_or_none()
    return DeadLetterWithEvent.model_validate(dict(found)) if found else None


async def ask_replay(session: AsyncSession, *, consumer: str, event_id: UUID) -> bool:
    """Have the worker handle a parked event again; return whether there was one."""
    table = TABLES.failed_delivery
    asked = await session.execute(
        update(table)
        .where(
            table.c.consumer == consumer,
            table.c.event_id == event_id,
            table.c.state == "parked",
        )
        .values(state="replaying")
        .returning(table.c.event_id)
    )
    return asked.one_or_none() is not None


async def replay_asked(sessions: Sessions, subscriptions: Sequence[Subscription]) -> int:
    """Handle again what somebody asked to have replayed; return how many there were."""
    table = TABLES.failed_delivery
    by_name = {each.durable: each for each in subscriptions}
    async with sessions.begin() as session:
        rows = (
            await session.execute(
                select(table.c.consumer, table.c.event_id, table.c.body)
                .where(table.c.state == "replaying", table.c.consumer.in_(by_name))
                .order_by(table.c.last_failed_at)
                .limit(AT_MOST)
            )
        ).all()
    for row in rows:
        handled = await _replay(by_name[row.consumer], row.body, sessions)
        async with sessions.begin() as session:
            await session.execute(
                update(table)
                .where(table.c.consumer == row.consumer, table.c.event_id == row.event_id)
                .values(state="handled" if handled else "parked")
            )
    return len(rows)


async def _replay(subscription: Subscription, document: dict[str, Any], sessions: Sessions) -> bool:
    try:
        event = from_document(document)
    except UnreadableEventError:
        return False
    if event is None:
        return False
    return isinstance(await deliver(subscription, event, sessions), Done)
