"""A source with a journal, and a worker whose two consumers are probed on a real NATS server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import nats
from nats.aio.client import Client
from sqlalchemy import select

from shared.db.session import Sessions
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated, ReferralCreated
from shared.messaging.cloudevents import to_document
from shared.messaging.inbox import claim_all
from shared.messaging.journal import JournalEntry, JournalPage
from shared.messaging.publisher import Publisher
from shared.messaging.streams import ensure_stream
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.tables import TABLES
from shared.messaging.worker import Work, Worker
from tests.servers import Nats
from tests.system.until import until

SINGLE = "casework-probe-single"
BATCH = "casework-probe-batch"


@dataclass
class World:
    """A source with a journal, and a worker with one consumer of each kind."""

    sessions: Sessions
    nats: Nats
    journal: list[Event]
    failing: dict[UUID, Exception]
    batches: list[int]
    journal_hidden: bool = True

    def work(self) -> Work:
        subscriptions = Subscriptions(service="casework")

        @subscriptions.on(ReferralCreated, durable=SINGLE)
        async def handle_one(event: ReferralCreated, sessions: Sessions) -> None:
            await self._handle([event], sessions, consumer=SINGLE)

        @subscriptions.on_batch(HandoffAccepted, HandoffEscalated, durable=BATCH, at_most=500)
        async def handle_batch(events: Sequence[Event], sessions: Sessions) -> None:
            self.batches.append(len(events))
            await self._handle(events, sessions, consumer=BATCH)

        return Work(subscriptions=subscriptions, journals={"referral": self._read_journal})

    async def _handle(self, events: Sequence[Event], sessions: Sessions, *, consumer: str) -> None:
        async with sessions.begin() as session:
            for event in await claim_all(session, consumer=consumer, events=events):
                if error := self.failing.get(event.event_id):
                    raise error

    async def _read_journal(self, after: int) -> JournalPage:
        """Show the journal, unless the test is about the broker alone."""
        if self.journal_hidden:
            return JournalPage(entries=[], head=0)
        entries = [
            JournalEntry(position=position, event=to_document(event))
            for position, event in enumerate(self.journal, start=1)
            if position > after
        ]
        return JournalPage(entries=entries, head=len(self.journal))

    async def handled(self, consumer: str) -> set[UUID]:
        async with self.sessions.begin() as session:
            rows = select(TABLES.inbox.c.event_id).where(TABLES.inbox.c.consumer == consumer)
            return set(await session.scalars(rows))

    def handling(self, consumer: str, events: Sequence[Event]) -> Callable[[], Awaitable[bool]]:
        wanted = {event.event_id for event in events}

        async def condition() -> bool:
            return wanted <= await self.handled(consumer)

        return condition

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        client = await nats.connect(self.nats.url("administrator"), connect_timeout=5)
        try:
            yield client
        finally:
            await client.close()

    async def publish(self, *events: Event) -> None:
        """Publish as the source's relay does."""
        async with self.client() as client:
            rows: list[Any] = []
            for event in events:
                self.journal.append(event)
                rows.append(
                    SimpleNamespace(
                        position=len(self.journal),
                        subject=event.subject,
                        body=to_document(event),
                    )
                )
            await Publisher(lambda: client, "referral").publish(rows)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Worker]:
        async with self.client() as client:
            await ensure_stream(client.jetstream(), "referral")
        worker = Worker(
            self.work(), sessions=self.sessions, nats_url=self.nats.url("administrator")
        )
        running = asyncio.create_task(worker.run())
        try:

            async def connected() -> bool:
                return worker.connected

            await until(connected, what="connecting")
            yield worker
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def a_world(sessions: Sessions, server: Nats) -> World:
    return World(sessions=sessions, nats=server, journal=[], failing={}, batches=[])
