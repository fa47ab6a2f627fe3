"""What comes of a delivered event: done, again later, or parked; on a real database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from shared.db.session import Sessions
from shared.events.base import Event
from shared.messaging.dead_letters import (
    ask_replay,
    find_dead_letter,
    list_dead_letters,
    replay_asked,
)
from shared.messaging.delivery import (
    RETRY_AFTER_SECONDS,
    TRIES,
    Done,
    Parked,
    Retry,
    deliver,
    deliver_all,
    forget_retries,
)
from shared.messaging.errors import PermanentError, TransientError
from shared.messaging.inbox import claim_all
from shared.messaging.subscriptions import Subscription
from shared.messaging.tables import TABLES
from tests.builders import a_referral_created
from tests.conftest import SessionsFor

CONSUMER = "casework-probe"


@dataclass
class Probe:
    """A handler that fails for chosen events and notes which it handled, in their transaction."""

    failing: dict[UUID, Exception] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)

    async def handle(self, events: Sequence[Event], sessions: Sessions) -> None:
        self.calls.append(len(events))
        async with sessions.begin() as session:
            for event in await claim_all(session, consumer=CONSUMER, events=events):
                if event.event_id in self.failing:
                    raise self.failing[event.event_id]

    def subscription(self, *, at_most: int = 1) -> Subscription:
        kind = type(a_referral_created())
        return Subscription(durable=CONSUMER, events=(kind,), handle=self.handle, at_most=at_most)


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("casework")


@pytest.fixture
def probe() -> Probe:
    return Probe()


async def handled(sessions: Sessions) -> set[UUID]:
    async with sessions.begin() as session:
        rows = select(TABLES.inbox.c.event_id).where(TABLES.inbox.c.consumer == CONSUMER)
        return set(await session.scalars(rows))


async def test_an_event_delivered_twice_is_claimed_once(sessions: Sessions, probe: Probe) -> None:
    event = a_referral_created()

    assert await deliver(probe.subscription(), event, sessions) == Done()
    assert await deliver(probe.subscription(), event, sessions) == Done()

    assert await handled(sessions) == {event.event_id}


async def test_the_same_event_twice_in_one_batch_is_claimed_once_and_order_is_kept(
    sessions: Sessions,
) -> None:
    first, second = a_referral_created(), a_referral_created()

    async with sessions.begin() as session:
        fresh = await claim_all(session, consumer=CONSUMER, events=[second, first, second])

    assert fresh == [second, first]


async def test_a_failure_leaves_no_claim_and_is_tried_again_ever_later_until_parked(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = TransientError("the other service is busy")

    outcomes = [await deliver(probe.subscription(), event, sessions) for _ in range(TRIES)]

    assert outcomes == [*map(Retry, RETRY_AFTER_SECONDS), Parked()]
    assert await handled(sessions) == set()
    async with sessions.begin() as session:
        parked = await list_dead_letters(session, limit=10)
    assert [(each.event_id, each.attempts, each.state) for each in parked] == [
        (event.event_id, TRIES, "parked")
    ]
    assert parked[0].error == "TransientError: the other service is busy"


async def test_a_permanent_error_parks_at_once(sessions: Sessions, probe: Probe) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = PermanentError("there is no such thing")

    assert await deliver(probe.subscription(), event, sessions) == Parked()


async def test_a_bug_is_parked_without_its_text_which_may_quote_a_person(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = ValueError("Test Participant Birch")

    for _ in range(TRIES):
        await deliver(probe.subscription(), event, sessions)

    async with sessions.begin() as session:
        letter = await find_dead_letter(session, consumer=CONSUMER, event_id=event.event_id)
    assert letter is not None
    assert letter.error.startswith("ValueError at ")
    assert "Probe.handle:" in letter.error
    assert "Birch" not in letter.model_dump_json()
    assert letter.body["id"] == str(event.event_id)


async def test_one_bad_event_fails_alone_and_its_batch_goes_through(
    sessions: Sessions, probe: Probe
) -> None:
    events = [a_referral_created() for _ in range(5)]
    probe.failing[events[2].event_id] = TransientError("not yet")

    outcomes = await deliver_all(probe.subscription(at_most=10), events, sessions)

    assert outcomes == [Done(), Done(), Retry(1), Done(), Done()]
    assert await handled(sessions) == {each.event_id for each in events} - {events[2].event_id}


async def test_a_whole_batch_that_goes_well_is_one_call(sessions: Sessions, probe: Probe) -> None:
    events = [a_referral_created() for _ in range(5)]

    await deliver_all(probe.subscription(at_most=10), events, sessions)

    assert probe.calls == [5]


async def test_an_unreachable_database_counts_no_attempt(sessions: Sessions, probe: Probe) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = ConnectionRefusedError()

    for _ in range(TRIES + 1):
        assert await deliver(probe.subscription(), event, sessions) == Retry(2)

    async with sessions.begin() as session:
        assert (await session.execute(select(TABLES.failed_delivery))).all() == []


async def test_a_retry_that_works_leaves_no_trace_of_failure(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = TransientError("not yet")
    await deliver(probe.subscription(), event, sessions)
    probe.failing.clear()

    assert await deliver(probe.subscription(), event, sessions) == Done()
    await forget_retries(sessions, consumer=CONSUMER, event=event)

    async with sessions.begin() as session:
        assert (await session.execute(select(TABLES.failed_delivery))).all() == []


async def test_a_dead_letter_is_replayed_when_somebody_asks_and_not_before(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = PermanentError("no such code yet")
    await deliver(probe.subscription(), event, sessions)
    probe.failing.clear()

    assert await replay_asked(sessions, [probe.subscription()]) == 0
    async with sessions.begin() as session:
        assert await ask_replay(session, consumer=CONSUMER, event_id=event.event_id)
        assert not await ask_replay(session, consumer=CONSUMER, event_id=event.event_id)
    assert await replay_asked(sessions, [probe.subscription()]) == 1

    assert await handled(sessions) == {event.event_id}
    async with sessions.begin() as session:
        assert await list_dead_letters(session, limit=10) == []
        letter = await find_dead_letter(session, consumer=CONSUMER, event_id=event.event_id)
    assert letter is not None
    assert letter.state == "handled"


async def test_a_replay_that_fails_is_parked_again(sessions: Sessions, probe: Probe) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = PermanentError("still no such code")
    await deliver(probe.subscription(), event, sessions)
    async with sessions.begin() as session:
        await ask_replay(session, consumer=CONSUMER, event_id=event.event_id)

    await replay_asked(sessions, [probe.subscription()])

    async with sessions.begin() as session:
        [letter] = await list_dead_letters(session, limit=10)
    assert (letter.state, letter.attempts) == ("parked", 2)


async def test_a_statement_that_had_to_wait_too_long_counts_no_attempt(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    async with sessions.engine.connect() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = '20ms'"))
        with pytest.raises(DBAPIError) as waited:
            await connection.execute(text("SELECT pg_sleep(5)"))
    probe.failing[event.event_id] = waited.value

    assert await deliver(probe.subscription(), event, sessions) == Retry(2)

    async with sessions.begin() as session:
        assert (await session.execute(select(TABLES.failed_delivery))).all() == []


async def test_a_crash_in_the_middle_of_a_replay_leaves_the_dead_letter_in_the_list(
    sessions: Sessions, probe: Probe
) -> None:
    event = a_referral_created()
    probe.failing[event.event_id] = PermanentError("no such code")
    await deliver(probe.subscription(), event, sessions)
    async with sessions.begin() as session:
        await ask_replay(session, consumer=CONSUMER, event_id=event.event_id)
    probe.failing[event.event_id] = TransientError("not yet")

    await deliver(probe.subscription(), event, sessions)  # and the process ends here

    async with sessions.begin() as session:
        assert [each.state for each in await list_dead_letters(session, limit=5)] == ["parked"]
