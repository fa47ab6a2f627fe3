"""The relay publishes the journal in its order, whatever the broker does meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.db.session import Sessions
from shared.messaging import outbox
from shared.messaging.journal import read_page
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay, waiting_events
from tests.builders import a_referral_created
from tests.conftest import SessionsFor
from tests.system.until import until


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("referral")


class Broker(Publisher):
    """Takes what it is given, unless it is away or fails on purpose."""

    def __init__(self) -> None:
        super().__init__(lambda: None, "referral")
        self.away = False
        self.failures = 0
        self.taken: list[int] = []

    @property
    def ready(self) -> bool:
        return not self.away

    async def publish(self, rows: Sequence[Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.taken += [row.position for row in rows]


@asynccontextmanager
async def relaying(sessions: Sessions, broker: Broker) -> AsyncIterator[Relay]:
    relay = Relay(sessions.engine, broker)
    sessions.on("events", relay.woken.set)
    running = asyncio.create_task(relay.run())
    yield relay
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def tell(sessions: Sessions, many: int) -> None:
    async with sessions.begin() as session:
        for _ in range(many):
            outbox.add(session, a_referral_created())


async def all_settled(sessions: Sessions, broker: Broker, *, taken: int, waiting: int) -> None:
    async def is_so() -> bool:
        return len(broker.taken) == taken and await waiting_events(sessions.engine) == waiting

    await until(is_so, what=f"{taken} published and {waiting} waiting")


async def test_what_is_told_is_published_once_and_in_order(sessions: Sessions) -> None:
    broker = Broker()
    async with relaying(sessions, broker):
        for many in (1, 3, 700, 2):
            await tell(sessions, many)
        await all_settled(sessions, broker, taken=706, waiting=0)

    assert broker.taken == list(range(1, 707))


async def test_what_could_not_be_published_comes_before_what_is_told_later(
    sessions: Sessions,
) -> None:
    broker = Broker()
    async with relaying(sessions, broker):
        await tell(sessions, 1)
        await all_settled(sessions, broker, taken=1, waiting=0)
        broker.away = True
        await tell(sessions, 600)
        await all_settled(sessions, broker, taken=1, waiting=600)
        broker.away, broker.failures = False, 2
        await tell(sessions, 1)
        await all_settled(sessions, broker, taken=602, waiting=0)

    assert broker.taken == list(range(1, 603))


async def test_who_leads_next_publishes_what_the_last_one_left(sessions: Sessions) -> None:
    away, broker = Broker(), Broker()
    away.away = True
    async with relaying(sessions, away):
        await tell(sessions, 2)
        await until(lambda: _numbered(sessions, 2), what="their places")
    async with relaying(sessions, broker):
        await all_settled(sessions, broker, taken=2, waiting=0)

    assert broker.taken == [1, 2]


async def _numbered(sessions: Sessions, many: int) -> bool:
    async with sessions.begin() as session:
        return (await read_page(session, after=0)).head == many
