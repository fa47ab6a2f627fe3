"""Repair: reading the owner's journal from a watermark and handling what the inbox lacks.

So a broker that lost everything, or a consumer that was away for a month, loses nothing. Each
consumer's watermark moves past an event only when that consumer has handled or parked it; so
nothing is ever skipped, and what the broker delivers at the same moment is handled once, by claim.
A consumer that is new, or that has learnt to handle more, begins at the journal's beginning.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from shared.db.session import Sessions
from shared.events.base import Event
from shared.loops import wait_for
from shared.messaging.cloudevents import Document, UnreadableEventError, from_document
from shared.messaging.delivery import Retry, deliver_all, forget_retries, record_failure
from shared.messaging.journal import JournalPage
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES
from shared.observability.metrics import METRICS

log = structlog.get_logger()

EVERY_SECONDS = 60.0
BEGINNING = 0

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
        await self.read_through()
        await wait_for(self.woken, at_most=EVERY_SECONDS)

    async def read_through(self) -> None:
        """Handle whatever is missing, from the lowest watermark to the journal's end."""
        reached = {each: await watermark(self._sessions, each) for each in self._subscriptions}
        position = min(reached.values())
        page = await self._read_journal(position)
        if page.head < max(reached.values()):
            # A journal put back from an older copy: its places have been given out anew.
            log.error("journal_shorter_than_watermark", source=self.source, position=page.head)
            reached = dict.fromkeys(reached, BEGINNING)
            page = await self._read_journal(BEGINNING)
        waiting: set[str] = set()
        while page.entries:
            for subscription, start in reached.items():
                end = await self._handle_page(subscription, page, start=start)
                if subscription.durable not in waiting:
                    await _move_watermark(self._sessions, subscription, max(start, end))
                if end < page.entries[-1].position:
                    waiting.add(subscription.durable)
            page = await self._read_journal(page.entries[-1].position)

    async def _handle_page(
        self, subscription: Subscription, page: JournalPage, *, start: int
    ) -> int:
        """Handle what *subscription* lacks; return up to where all is settled."""
        documents = {
            entry.position: entry.event for entry in page.entries if entry.position > start
        }
        unsettled = await self._settle(subscription, documents)
        return min(unsettled, default=page.entries[-1].position + 1) - 1

    async def _settle(
        self, subscription: Subscription, documents: Mapping[int, Document]
    ) -> list[int]:
        """Deliver what *subscription* lacks; return the positions that must be tried again."""
        wanted: dict[int, Event] = {}
        for position, document in documents.items():
            if document.get("type") in subscription.subjects:
                event = await self._read(subscription, document)
                if event is not None:
                    wanted[position] = event
        done, waiting = await self._known(subscription, list(wanted.values()))
        missing = {
            position: event
            for position, event in wanted.items()
            if event.event_id not in done | waiting
        }
        again = [position for position, event in wanted.items() if event.event_id in waiting]
        return again + await self._deliver(subscription, missing)

    async def _read(self, subscription: Subscription, document: Document) -> Event | None:
        try:
            return from_document(document)
        except UnreadableEventError as error:
            await record_failure(
                self._sessions, consumer=subscription.durable, document=document, error=error
            )
            return None

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
        self, subscription: Subscription, events: Sequence[Event]
    ) -> tuple[set[UUID], set[UUID]]:
        """Return which events are settled, and which wait for their next try."""
        if not events:
            return set(), set()
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


async def watermark(sessions: Sessions, subscription: Subscription) -> int:
    """Return the position up to which *subscription*, as it is declared now, has settled all."""
    table = TABLES.watermark
    async with sessions.begin() as session:
        found = await session.scalar(
            select(table.c.position).where(
                table.c.consumer == subscription.durable,
                table.c.subjects == stated_subjects(subscription),
            )
        )
    return found or BEGINNING


async def _move_watermark(sessions: Sessions, subscription: Subscription, position: int) -> None:
    values = {"position": position, "subjects": stated_subjects(subscription)}
    statement = insert(TABLES.watermark).values(consumer=subscription.durable, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["consumer"], set_={**values, "checked_at": func.now()}
    )
    async with sessions.begin() as session:
        await session.execute(statement)


def stated_subjects(subscription: Subscription) -> str:
    """Return what a consumer's watermark says it wants: another text begins anew."""
    return " ".join(sorted(subscription.subjects))
