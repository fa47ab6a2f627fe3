"""Repair reads the owner's journal and handles what the inbox lacks; no broker anywhere."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from shared.db.session import Sessions
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, ReferralCreated
from shared.messaging.cloudevents import to_document
from shared.messaging.delivery import deliver
from shared.messaging.errors import PermanentError, TransientError
from shared.messaging.inbox import claim_all
from shared.messaging.journal import JournalEntry, JournalPage
from shared.messaging.repair import Repair, watermark
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES
from tests.builders import a_handoff_accepted, a_referral_created
from tests.conftest import SessionsFor

CONSUMER = "casework-probe"
PAGE = 3


class World:
    """A journal of another service, and a consumer that fails for chosen events."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.journal: list[Event] = []
        self.failing: dict[UUID, Exception] = {}
        self.subscription = Subscription(
            durable=CONSUMER, events=(ReferralCreated,), handle=self.handle, at_most=10
        )
        self.repair = Repair(
            "referral", [self.subscription], sessions=sessions, read_journal=self.read
        )

    async def handle(self, events: Sequence[Event], sessions: Sessions) -> None:
        async with sessions.begin() as session:
            for event in await claim_all(session, consumer=CONSUMER, events=events):
                if event.event_id in self.failing:
                    raise self.failing[event.event_id]

    async def read(self, after: int) -> JournalPage:
        entries = [
            JournalEntry(position=position, event=to_document(event))
            for position, event in enumerate(self.journal, start=1)
            if after < position <= after + PAGE
        ]
        return JournalPage(entries=entries, head=len(self.journal))

    async def repaired(self) -> int:
        await self.repair.read_through()
        return await watermark(self.sessions, self.subscription)

    async def handled(self) -> set[UUID]:
        async with self.sessions.begin() as session:
            return set(await session.scalars(select(TABLES.inbox.c.event_id)))


@pytest.fixture
def world(sessions_for: SessionsFor) -> World:
    return World(sessions_for("casework"))


async def test_what_the_broker_never_delivered_is_handled_from_the_journal(world: World) -> None:
    world.journal = [a_referral_created() for _ in range(8)]

    assert await world.repaired() == 8

    assert await world.handled() == {event.event_id for event in world.journal}


async def test_what_was_delivered_is_not_handled_again(world: World) -> None:
    world.journal = [a_referral_created() for _ in range(2)]
    await deliver(world.subscription, world.journal[0], world.sessions)
    world.failing = {world.journal[0].event_id: PermanentError("handled a second time")}

    assert await world.repaired() == 2


async def test_the_watermark_passes_what_is_not_for_this_consumer(world: World) -> None:
    world.journal = [a_handoff_accepted(), a_referral_created(), a_handoff_accepted()]

    assert await world.repaired() == 3

    assert await world.handled() == {world.journal[1].event_id}


async def test_the_watermark_waits_for_an_event_that_must_be_tried_again(world: World) -> None:
    world.journal = [a_referral_created() for _ in range(3)]
    world.failing = {world.journal[1].event_id: TransientError("not yet")}

    assert await world.repaired() == 1
    assert await world.handled() == {world.journal[0].event_id, world.journal[2].event_id}

    assert await world.repaired() == 1, "its next try is not due yet"


async def test_a_parked_event_holds_nothing_up(world: World) -> None:
    world.journal = [a_referral_created() for _ in range(3)]
    world.failing = {world.journal[1].event_id: PermanentError("no such code")}

    assert await world.repaired() == 3


async def test_an_unreadable_event_in_the_journal_is_parked_and_holds_nothing_up(
    world: World,
) -> None:
    world.journal = [a_referral_created(), a_referral_created()]
    broken = to_document(world.journal[0])
    del broken["data"]["pathway"]

    async def read(after: int) -> JournalPage:
        page = await world.read(after)
        for entry in page.entries:
            if entry.position == 1:
                entry.event = broken
        return page

    world.repair = Repair(
        "referral", [world.subscription], sessions=world.sessions, read_journal=read
    )

    assert await world.repaired() == 2
    async with world.sessions.begin() as session:
        rows = (await session.execute(select(TABLES.failed_delivery))).all()
    assert [(row.consumer, row.state) for row in rows] == [(CONSUMER, "parked")]


async def test_an_event_that_must_wait_does_not_hold_up_the_pages_after_it(world: World) -> None:
    world.journal = [a_referral_created() for _ in range(3 * PAGE)]
    world.failing = {world.journal[1].event_id: TransientError("not yet")}

    assert await world.repaired() == 1

    assert len(await world.handled()) == 3 * PAGE - 1


async def test_a_consumer_that_learns_to_handle_more_reads_the_journal_from_its_beginning(
    world: World,
) -> None:
    world.journal = [a_handoff_accepted(), a_referral_created()]
    assert await world.repaired() == 2

    world.subscription = replace(world.subscription, events=(ReferralCreated, HandoffAccepted))
    world.repair = Repair(
        "referral", [world.subscription], sessions=world.sessions, read_journal=world.read
    )
    assert await world.repaired() == 2

    assert await world.handled() == {event.event_id for event in world.journal}


async def test_a_new_consumer_beside_an_old_one_gets_everything_and_the_old_one_nothing_twice(
    world: World,
) -> None:
    world.journal = [a_referral_created() for _ in range(2)]
    await world.repaired()
    newcomer_handled: list[UUID] = []

    async def note(events: Sequence[Event], _: Sessions) -> None:
        newcomer_handled.extend(event.event_id for event in events)

    newcomer = Subscription("casework-newcomer", (ReferralCreated,), note, at_most=10)
    world.failing = {event.event_id: PermanentError("a second time") for event in world.journal}
    both = [world.subscription, newcomer]
    await Repair("referral", both, sessions=world.sessions, read_journal=world.read).read_through()

    assert newcomer_handled == [event.event_id for event in world.journal]
    assert await watermark(world.sessions, world.subscription) == 2


async def test_a_journal_put_back_from_an_older_copy_is_read_from_its_beginning(
    world: World,
) -> None:
    world.journal = [a_referral_created() for _ in range(6)]
    await world.repaired()

    world.journal = [*world.journal[:2], a_referral_created()]
    assert await world.repaired() == 3

    assert {event.event_id for event in world.journal} <= await world.handled()
