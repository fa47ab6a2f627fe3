"""Consumers on a real NATS server: what is delivered arrives soon, one by one or in batches.

The traps: batches that wait to be full, and a request for many that lingers with what has come.
"""

import asyncio
import time
from collections.abc import Sequence

import pytest

from shared.db.session import Sessions
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated
from shared.messaging.streams import ensure_consumer, ensure_stream
from shared.messaging.subscriptions import Subscriptions
from tests.builders import a_handoff_accepted, a_referral_created
from tests.conftest import SessionsFor
from tests.servers import Nats
from tests.system.probing import BATCH, SINGLE, World, a_world
from tests.system.until import until


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
