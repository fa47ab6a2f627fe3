"""Consumers on a real NATS server: what cannot be handled takes nothing else along.

The traps: batches lost on an exception, or on one unreadable message.
"""

import pytest
from sqlalchemy import func, select

from shared.events.base import Event
from shared.messaging.cloudevents import to_document
from shared.messaging.errors import PermanentError, TransientError
from shared.messaging.tables import TABLES
from tests.builders import a_handoff_accepted, a_referral_created
from tests.conftest import SessionsFor
from tests.servers import Nats
from tests.system.probing import BATCH, SINGLE, World, a_world
from tests.system.until import until


@pytest.fixture
def world(sessions_for: SessionsFor, clean_nats: Nats) -> World:
    return a_world(sessions_for("casework"), clean_nats)


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
