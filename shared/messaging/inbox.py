"""At most one effect per event and consumer: the claim commits with the effect."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.base import Event

E = TypeVar("E", bound=Event)

CLAIM = text(
    """
    INSERT INTO inbox (consumer, event_id) SELECT :consumer, unnest(CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING RETURNING event_id
    """
)


async def claim(session: AsyncSession, *, consumer: str, event: Event) -> bool:
    """Return False if *consumer* has already committed work for *event*.

    The row commits with the work, so a crash leaves neither. A concurrent duplicate waits on the
    primary key until the first transaction ends.
    """
    return bool(await claim_all(session, consumer=consumer, events=[event]))


async def claim_all(session: AsyncSession, *, consumer: str, events: Sequence[E]) -> list[E]:
    """Return those of *events* that *consumer* has not handled yet, each once, in order."""
    # Sorted, so that two transactions with overlapping batches cannot deadlock.
    ids = sorted({event.event_id for event in events})
    claimed = await session.execute(CLAIM, {"consumer": consumer, "ids": ids}) if ids else None
    unclaimed = set(claimed.scalars()) if claimed else set()
    fresh: list[E] = []
    for event in events:
        if event.event_id in unclaimed:
            unclaimed.remove(event.event_id)
            fresh.append(event)
    return fresh
