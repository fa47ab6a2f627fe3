"""Consumers on a real NATS server: each trap that was found in the libraries, and its answer.

The traps: an event loop that freezes when reconnects run out, silence after a consumer or stream
is deleted, batches lost on an exception or on one unreadable message, batches that wait to be
full.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import nats
import pytest
from nats.aio.client import Client
from sqlalchemy import func, select

from shared.db.session import Sessions
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated, ReferralCreated
from shared.messaging.cloudevents import to_document
from shared.messaging.errors import PermanentError, TransientError
from shared.messaging.inbox import claim_all
from shared.messaging.journal import JournalEntry, JournalPage
from shared.messaging.publisher import Publisher
from shared.messaging.streams import ensure_consumer, ensure_stream
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.tables import TABLES
from shared.messaging.worker import Work, Worker
from tests.builders import a_handoff_accepted, a_referral_created
from tests.conftest import SessionsFor
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


@pytest.fixture
def world(sessions_for: SessionsFor, clean_nats: Nats) -> World:
    return a_world(sessions_for("casework"), clean_nats)


async def test_a_message_arrives_in_both_kinds_of_consumer_without_waiting_for_a_batch(
    world: World,
) -> None:
    async with world.working():
        single, batched = a_referral_created(), a_handoff_accepted()
        started = time.monotonic()

        await world.publish(single, batched)

        await until(world.handling(SINGLE, [single]))
        await until(world.handling(BATCH, [batched]))
        assert time.monotonic() - started < 4, "a full batch would have taken the pull's 5 s"


async def test_a_message_close_behind_another_after_a_quiet_spell_is_not_late(
    world: World,
) -> None:
    """Requests for many messages lingered here with what had come, up to their whole time."""
    late: list[float] = []
    async with world.working():
        for quiet_seconds in (4.6, 5.4, 7.3, 5.1):
            await asyncio.sleep(quiet_seconds)  # the quiet spell itself, around the pull's time
            first = [a_referral_created(), a_handoff_accepted()]
            await world.publish(*first)
            await asyncio.sleep(0.04)  # close behind, and not together
            second = [a_referral_created(), a_handoff_accepted()]
            started = time.monotonic()
            await world.publish(*second)
            await until(world.handling(SINGLE, [first[0], second[0]]))
            await until(world.handling(BATCH, [first[1], second[1]]))
            late.append(time.monotonic() - started)

    assert max(late) < 1.0, late


async def test_a_stream_learns_new_subjects_and_keeps_those_of_a_newer_version(
    world: World,
) -> None:
    async with world.client() as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(
            name="REFERRAL", subjects=["deflection.newer.>", "deflection.referral.>"]
        )

        await ensure_stream(jetstream, "referral")

        info = await jetstream.stream_info("REFERRAL")
        assert info.config.subjects == [
            "deflection.handoff.>",
            "deflection.newer.>",
            "deflection.referral.>",
            "deflection.staff.>",
        ]


async def test_a_consumer_that_filters_for_more_than_before_is_changed_in_its_place(
    world: World,
) -> None:
    one, both = Subscriptions(service="casework"), Subscriptions(service="casework")
    one.on_batch(HandoffAccepted, durable=BATCH, at_most=9)(nothing)
    both.on_batch(HandoffAccepted, HandoffEscalated, durable=BATCH, at_most=9)(nothing)
    async with world.client() as client:
        jetstream = client.jetstream()
        await ensure_stream(jetstream, "referral")
        assert await ensure_consumer(jetstream, one.all[0])
        assert not await ensure_consumer(jetstream, one.all[0])

        assert await ensure_consumer(jetstream, both.all[0])

        info = await jetstream.consumer_info("REFERRAL", BATCH)
        assert info.config.filter_subject == "deflection.handoff.>"


async def nothing(events: Sequence[Event], sessions: Sessions) -> None: ...


async def test_many_messages_are_handled_in_batches(world: World) -> None:
    events = [a_handoff_accepted() for _ in range(400)]
    await world.publish(*events)

    async with world.working():
        await until(world.handling(BATCH, events))

    assert len(world.batches) < 40


async def test_an_exception_loses_neither_its_message_nor_its_neighbours(world: World) -> None:
    events = [a_handoff_accepted() for _ in range(20)]
    bad = events[7]
    world.failing[bad.event_id] = TransientError("not yet")

    async with world.working():
        await world.publish(*events)
        await until(world.handling(BATCH, [each for each in events if each is not bad]))
        assert bad.event_id not in await world.handled(BATCH)

        world.failing.clear()
        await until(world.handling(BATCH, [bad]), what="the delayed retry")

        async def no_trace_of_failure() -> bool:
            async with world.sessions.begin() as session:
                left = select(func.count()).select_from(TABLES.failed_delivery)
                return await session.scalar(left) == 0

        await until(no_trace_of_failure)


async def test_a_permanent_failure_is_parked_and_not_delivered_for_ever(world: World) -> None:
    event = a_referral_created()
    world.failing[event.event_id] = PermanentError("no such code")

    async with world.working():
        await world.publish(event)

        async def parked() -> list[str]:
            async with world.sessions.begin() as session:
                return list(await session.scalars(select(TABLES.failed_delivery.c.state)))

        assert await until(parked) == ["parked"]

        async def nothing_pending() -> bool:
            async with world.client() as client:
                info = await client.jetstream().consumer_info("REFERRAL", SINGLE)
            return (info.num_pending, info.num_ack_pending) == (0, 0)

        await until(nothing_pending)


async def test_an_unreadable_message_is_parked_and_its_neighbours_go_through(world: World) -> None:
    before, after = a_handoff_accepted(), a_handoff_accepted()

    async with world.working():
        await world.publish(before)
        async with world.client() as client:
            jetstream = client.jetstream()
            await jetstream.publish("deflection.handoff.accepted.v1", b"{not json \x00")
            good = dict(headers_of(a_handoff_accepted()))
            await jetstream.publish("deflection.handoff.accepted.v1", b'{"rung": 1}', headers=good)
        await world.publish(after)

        await until(world.handling(BATCH, [before, after]))

        async def both_parked() -> bool:
            async with world.sessions.begin() as session:
                states = list(await session.scalars(select(TABLES.failed_delivery.c.state)))
            return states == ["parked", "parked"]

        await until(both_parked)


def headers_of(event: Event) -> dict[str, str]:
    document = to_document(event)
    return {f"ce-{name}": str(value) for name, value in document.items() if name != "data"}


async def test_a_deleted_consumer_is_made_again_and_delivers(world: World) -> None:
    async with world.working():
        async with world.client() as client:
            await client.jetstream().delete_consumer("REFERRAL", SINGLE)
            await client.jetstream().delete_consumer("REFERRAL", BATCH)
        single, batched = a_referral_created(), a_handoff_accepted()
        await world.publish(single, batched)

        await until(world.handling(SINGLE, [single]))
        await until(world.handling(BATCH, [batched]))


async def test_what_a_deleted_stream_took_along_is_repaired_from_the_journal(
    world: World,
) -> None:
    lost, later = [a_referral_created() for _ in range(3)], a_referral_created()
    await world.publish(*lost)
    async with world.client() as client:
        await client.jetstream().delete_stream("REFERRAL")
    world.journal_hidden = False

    async with world.working():
        await world.publish(later)
        await until(world.handling(SINGLE, [*lost, later]))


async def test_a_stream_deleted_under_a_running_worker_is_survived(world: World) -> None:
    before, lost, after = (a_handoff_accepted() for _ in range(3))
    world.journal_hidden = False

    async with world.working():
        await world.publish(before)
        await until(world.handling(BATCH, [before]))

        async with world.client() as client:
            await client.jetstream().delete_stream("REFERRAL")
        world.journal.append(lost)  # committed and journalled; the broker lost it
        await world.publish(after)  # its owner's relay makes the stream again

        await until(world.handling(BATCH, [lost, after]))


async def test_a_killed_broker_freezes_nothing_and_delivery_resumes(
    sessions_for: SessionsFor, new_nats: Callable[[], Nats]
) -> None:
    server = new_nats()
    world = a_world(sessions_for("casework"), server)
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)

    async with world.working() as worker:
        ticking = asyncio.create_task(tick())
        process = server.server.process
        assert process is not None
        process.kill()
        process.wait()

        async def disconnected() -> bool:
            return not worker.connected

        await until(disconnected, what="noticing")
        server.server.start()
        single, batched = a_referral_created(), a_handoff_accepted()
        await world.publish(single, batched)
        await until(world.handling(SINGLE, [single]))
        await until(world.handling(BATCH, [batched]))
        ticking.cancel()

    assert longest < 2.0, "the event loop stood still"


async def test_a_worker_without_a_broker_still_handles_what_the_journal_holds(
    sessions_for: SessionsFor, new_nats: Callable[[], Nats]
) -> None:
    server = new_nats()
    world = a_world(sessions_for("casework"), server)
    server.server.stop()
    world.journal = [a_referral_created()]
    world.journal_hidden = False
    worker = Worker(world.work(), sessions=world.sessions, nats_url=server.url("administrator"))

    running = asyncio.create_task(worker.run())
    try:
        await until(world.handling(SINGLE, world.journal))
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
