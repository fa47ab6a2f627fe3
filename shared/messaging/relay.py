"""The relay: gives every committed event its place in the journal, then publishes it.

One leader per service, elected by an advisory lock that lives and dies with the connection on
which the leader numbers. Positions are given when an event is already committed, one after the
other, so the journal has no gap and no late commit can slip in behind a reader. Numbering goes
on while the broker is away: the journal makes delivery certain, the broker only makes it fast.
"""

import asyncio
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.loops import wait_for
from shared.messaging.publisher import Publisher
from shared.observability.metrics import METRICS

log = structlog.get_logger()

Rows = Sequence[Row[Any]]

AT_MOST = 500
POLL_SECONDS = 1.0
FOLLOWER_POLL_SECONDS = 1.0

LEAD = text("SELECT pg_try_advisory_lock(hashtextextended('relay of ' || current_schema(), 0))")

IDLE_AT_MOST = text("SET idle_session_timeout = '15s'")  # a leader speaks every second

NUMBER = text(
    """
    WITH batch AS (
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT :at_most)
        RETURNING id, event_id, subject, aggregate_id, body, committed_at
    ), moved AS (
        UPDATE relay_state SET position = position + (SELECT count(*) FROM batch)
        WHERE EXISTS (SELECT FROM batch)
        RETURNING position - (SELECT count(*) FROM batch) AS base
    )
    INSERT INTO journal (position, event_id, subject, aggregate_id, body, committed_at)
    SELECT base + row_number() OVER (ORDER BY id),
           event_id, subject, aggregate_id, body, committed_at
    FROM batch CROSS JOIN moved
    RETURNING position, subject, body
    """
)

UNPUBLISHED = text(
    """
    SELECT position, subject, body FROM journal
    WHERE position > (SELECT published FROM relay_state) ORDER BY position LIMIT :at_most
    """
)

PUBLISHED = text("UPDATE relay_state SET published = :position WHERE published < :position")

LAG = text(
    """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
        (SELECT min(committed_at) FROM outbox),
        (SELECT committed_at FROM journal
         WHERE position > (SELECT published FROM relay_state) ORDER BY position LIMIT 1)
    )), 0)
    """
)


WAITING = text(
    "SELECT (SELECT count(*) FROM outbox) + (SELECT position - published FROM relay_state)"
)


class Relay:
    """Moves one service's events from its outbox to its journal and on to the broker."""

    def __init__(self, engine: AsyncEngine, publisher: Publisher) -> None:
        self._engine = engine
        self._publisher = publisher
        self.woken = asyncio.Event()
        self._behind = True  # the journal may hold rows from before that are not published

    async def run(self) -> None:
        """Lead if nobody else does, until the connection breaks; otherwise look again later."""
        async with self._engine.connect() as connection:
            leader = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if (await leader.execute(LEAD)).scalar_one():
                await self._lead(leader)
                return
        await asyncio.sleep(FOLLOWER_POLL_SECONDS)

    async def _lead(self, leader: AsyncConnection) -> None:
        log.info("relay_leads")
        self._behind = True
        try:
            # A leader that stands still, or whose machine is gone, must not keep the lock.
            await leader.execute(IDLE_AT_MOST)
            while True:
                await self._turn(leader)
        finally:
            # A pooled connection would keep the lock: close it for good.
            await leader.invalidate()

    async def _turn(self, leader: AsyncConnection) -> None:
        numbered = await number(leader)
        published = await self._publish(leader, numbered)
        if max(len(numbered), published) < AT_MOST:
            await wait_for(self.woken, at_most=POLL_SECONDS)

    async def _publish(self, leader: AsyncConnection, numbered: Rows) -> int:
        """Publish what was just *numbered*, after what was left before it; return how many."""
        if not self._publisher.ready:
            self._behind = True
            return 0
        rows = numbered
        if self._behind:
            rows = (await leader.execute(UNPUBLISHED, {"at_most": AT_MOST})).all()
        if not rows:
            self._behind = False
            return 0
        try:
            await self._publisher.publish(rows)
        except Exception as error:  # noqa: BLE001 - the next turn publishes the same rows again
            self._behind = True
            METRICS.loop_failures.labels("publish").inc()
            log.warning(
                "publish_failed",
                error_type=type(error).__name__,
                reason=getattr(error, "err_code", None),  # what JetStream calls it, if it was that
                count=len(rows),
            )
            return 0
        await leader.execute(PUBLISHED, {"position": rows[-1].position})
        return len(rows)


async def number(leader: AsyncConnection) -> Rows:
    """Move up to a batch of committed events into the journal; return them in its order."""
    rows = (await leader.execute(NUMBER, {"at_most": AT_MOST})).all()
    return sorted(rows, key=attrgetter("position"))


async def lag_seconds(engine: AsyncEngine) -> float:
    """Return for how long the oldest event has been waiting to be published."""
    async with engine.connect() as connection:
        return float((await connection.execute(LAG)).scalar_one())


async def waiting_events(engine: AsyncEngine) -> int:
    """Return how many committed events have not been published."""
    async with engine.connect() as connection:
        return int((await connection.execute(WAITING)).scalar_one())
