"""At most one effect per event and consumer: the claim commits with the effect."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.base import Event
from shared.messaging.tables import TABLES

E = TypeVar("E", bound=Event)


async def claim(session: AsyncSession, *, consumer: str, event: Event) -> bool:
    """Return False if *consumer* has already committed work for *event*.

    The row commits with the work, so a crash leaves neither. A concurrent duplicate waits on the
    primary key until the first transaction ends.
    """
    return bool(await claim_all(session, consumer=consumer, events=[event]))


async def claim_all(session: AsyncSession, *, consumer: str, events: Sequence[E]) -> list[E]:
    """Return those of *events* that *consumer* has not handled yet, each once, in order."""
    # Sorted, so that two transactions with overlapping batches cannot deadlock.
    rows = [
        {"consumer": consumer, "event_id": event_id}
        for event_id in sorted({event.event_id for event in events})
    ]
    statement = (
        insert(TABLES.inbox)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(TABLES.inbox.c.event_id)
    )
    unclaimed = set((await session.execute(statement)).scalars()) if rows else set()
    fresh: list[E] = []
    for event in events:
        if event.event_id in unclaimed:
            unclaimed.remove(event.event_id)
            fresh.append(event)
    return fresh
