"""Repair: reading the owner's journal from a watermark and handling what the inbox lacks.

So a broker that lost everything, or a consumer that was away for a month, loses nothing. The
watermark moves past an event only when every subscription has handled or parked it; so nothing
is ever skipped, and what the broker is delivering at the same moment is handled once, by claim.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from shared.db.session import Sessions
from shared.events.base import Event
from shared.loops import wait_for
from shared.messaging.cloudevents import UnreadableEventError, from_document
from shared.messaging.delivery import Retry, deliver_all, forget_retries, record_failure
from shared.messaging.journal import JournalPage
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES
from shared.observability.metrics import METRICS

log = structlog.get_logger()

EVERY_SECONDS = 60.0

ReadJournal = Callable[[int], Awaitable[JournalPage]]


class Repair:
    """Keeps one service's view of one source complete."""

    def __init__(
        self,
        source: str,
        subscriptions: Sequence[Subscription],
        *,
        sessions: Sessions,
        read_journal: ReadJournal,
    ) -> None:
        self.source = source
        self._subscriptions = [each for each in subscriptions if each.source == source]
        self._sessions = sessions
        self._read_journal = read_journal
        self.woken = asyncio.Event()

    async def step(self) -> None:
        """Read to the journal's end, then wait for the next minute or a call."""
        while await self.read_on():
            pass
        await wait_for(self.woken, at_most=EVERY_SECONDS)

    async def read_on(self) -> bool:
        """Handle one page; return whether there may be more to do right now."""
        start = await watermark(self._sessions, source=self.source)
        page = await self._read_journal(start)
        if not page.entries:
            return False
        events: dict[int, Event] = {}
        for entry in page.entries:
            event = await self._read(entry.event)
            if event is not None:
                events[entry.position] = event
        unsettled = await self._handle_missing(events)
        reached = min(unsettled, default=page.entries[-1].position + 1) - 1
        await self._move_watermark(reached)
        return not unsettled and reached < page.head

    async def _read(self, document: dict[str, object]) -> Event | None:
        try:
            return from_document(document)
        except UnreadableEventError as error:
            for subscription in self._subscriptions:
                await record_failure(
                    self._sessions,
                    consumer=subscription.durable,
                    document=document,
                    error=error,
                )
            return None

    async def _handle_missing(self, events: Mapping[int, Event]) -> list[int]:
        """Deliver what each subscription lacks; return the positions that must be tried again."""
        unsettled: list[int] = []
        for subscription in self._subscriptions:
            wanted = {at: each for at, each in events.items() if subscription.wants(each)}
            done, waiting = await self._known(subscription, wanted.values())
            unsettled += [at for at, each in wanted.items() if each.event_id in waiting]
            missing = {
                at: each
                for at, each in wanted.items()
                if each.event_id not in done and each.event_id not in waiting
            }
            unsettled += await self._deliver(subscription, missing)
        return unsettled

    async def _deliver(self, subscription: Subscription, missing: Mapping[int, Event]) -> list[int]:
        if not missing:
            return []
        log.info("repairing", consumer=subscription.durable, count=len(missing))
        METRICS.events_repaired.labels(subscription.durable).inc(len(missing))
        outcomes = await deliver_all(subscription, list(missing.values()), self._sessions)
        again: list[int] = []
        for (position, event), outcome in zip(missing.items(), outcomes, strict=True):
            if isinstance(outcome, Retry):
                again.append(position)
            else:
                await forget_retries(self._sessions, consumer=subscription.durable, event=event)
        return again

    async def _known(
        self, subscription: Subscription, events: Iterable[Event]
    ) -> tuple[set[UUID], set[UUID]]:
        """Return which events are settled, and which wait for their next try."""
        ids = [each.event_id for each in events]
        inbox, failed = TABLES.inbox.c, TABLES.failed_delivery.c
        async with self._sessions.begin() as session:
            handled = await session.scalars(
                select(inbox.event_id).where(
                    inbox.consumer == subscription.durable, inbox.event_id.in_(ids)
                )
            )
            done = set(handled)
            notes = await session.execute(
                select(failed.event_id, failed.state).where(
                    failed.consumer == subscription.durable,
                    failed.event_id.in_(ids),
                    or_(failed.state != "retrying", failed.retry_at > func.now()),
                )
            )
            noted = {row.event_id: row.state for row in notes}
        waiting = {event_id for event_id, state in noted.items() if state == "retrying"}
        return done | (noted.keys() - waiting), waiting - done

    async def _move_watermark(self, position: int) -> None:
        statement = insert(TABLES.watermark).values(source=self.source, position=position)
        statement = statement.on_conflict_do_update(
            index_elements=["source"],
            set_={
                "position": func.greatest(TABLES.watermark.c.position, statement.excluded.position),
                "checked_at": func.now(),
            },
        )
        async with self._sessions.begin() as session:
            await session.execute(statement)


async def watermark(sessions: Sessions, *, source: str) -> int:
    """Return the position up to which everything of *source* is settled."""
    async with sessions.begin() as session:
        found = await session.scalar(
            select(TABLES.watermark.c.position).where(TABLES.watermark.c.source == source)
        )
    return found or 0
