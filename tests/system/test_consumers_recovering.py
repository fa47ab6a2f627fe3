"""Consumers on a real NATS server: what the broker lost comes back, and so does the broker.

The traps: an event loop that freezes when reconnects run out, and silence after a consumer or a
stream is deleted.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from shared.messaging.worker import Worker
from tests.builders import a_handoff_accepted, a_referral_created
from tests.conftest import SessionsFor
from tests.servers import Nats
from tests.system.probing import BATCH, SINGLE, World, a_world
from tests.system.until import until


@pytest.fixture
def world(sessions_for: SessionsFor, clean_nats: Nats) -> World:
    return a_world(sessions_for("casework"), clean_nats)


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
