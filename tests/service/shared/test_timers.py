"""Timers: never early, exactly once, whoever else is looking; on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from shared.clock import app_now
from shared.db.session import Sessions
from shared.messaging.tables import TABLES
from shared.messaging.timers import Timer, fire_due, set_timer
from tests.builders import PROGRAMME
from tests.conftest import SessionsFor
from tests.servers import Clock

KIND = "probe"


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("referral")


async def due_in(sessions: Sessions, after: timedelta) -> Timer:
    async with sessions.begin() as session:
        timer = Timer(KIND, uuid7(), PROGRAMME, await app_now(session) + after)
        set_timer(session, timer)
    return timer


class Fired:
    """Counts firings, and fails for chosen aggregates."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []
        self.failing: set[UUID] = set()

    async def __call__(self, _: AsyncSession, timer: Timer) -> None:
        if timer.aggregate_id in self.failing:
            raise RuntimeError
        self.ids.append(timer.aggregate_id)


async def test_a_timer_fires_at_its_time_and_not_a_moment_before(
    sessions: Sessions, clock: Clock
) -> None:
    fired = Fired()
    timer = await due_in(sessions, timedelta(hours=1))

    await clock.move(timedelta(minutes=59))
    await fire_due(sessions, {KIND: fired}, service="referral")
    assert fired.ids == []

    await clock.move(timedelta(minutes=1))
    await fire_due(sessions, {KIND: fired}, service="referral")
    assert fired.ids == [timer.aggregate_id]


async def test_many_schedulers_at_once_fire_each_timer_exactly_once(sessions: Sessions) -> None:
    fired = Fired()
    timers = [await due_in(sessions, timedelta()) for _ in range(120)]

    async def schedule() -> None:
        while await fire_due(sessions, {KIND: fired}, service="referral"):
            pass

    await asyncio.gather(*(schedule() for _ in range(4)))

    assert sorted(fired.ids) == sorted(timer.aggregate_id for timer in timers)


async def test_a_timer_whose_effect_fails_stays_and_does_not_hold_up_the_others(
    sessions: Sessions, clock: Clock
) -> None:
    fired = Fired()
    failing = await due_in(sessions, timedelta())
    healthy = await due_in(sessions, timedelta())
    fired.failing = {failing.aggregate_id}

    await fire_due(sessions, {KIND: fired}, service="referral")
    assert fired.ids == [healthy.aggregate_id]

    fired.failing.clear()
    await clock.move(timedelta(seconds=2))
    await fire_due(sessions, {KIND: fired}, service="referral")
    assert fired.ids == [healthy.aggregate_id, failing.aggregate_id]


async def test_a_kind_that_this_version_does_not_know_is_left_for_one_that_does(
    sessions: Sessions,
) -> None:
    await due_in(sessions, timedelta())

    assert await fire_due(sessions, {"another": Fired()}, service="referral") == 0

    async with sessions.begin() as session:
        assert len((await session.execute(select(TABLES.timer))).all()) == 1


async def test_an_effect_may_set_the_same_timer_again(sessions: Sessions, clock: Clock) -> None:
    fired: list[UUID] = []

    async def ring_again(session: AsyncSession, timer: Timer) -> None:
        fired.append(timer.aggregate_id)
        set_timer(session, replace(timer, due_at=timer.due_at + timedelta(minutes=5)))

    await due_in(sessions, timedelta())
    await fire_due(sessions, {KIND: ring_again}, service="referral")
    await fire_due(sessions, {KIND: ring_again}, service="referral")
    assert len(fired) == 1

    await clock.move(timedelta(minutes=5))
    await fire_due(sessions, {KIND: ring_again}, service="referral")
    assert len(fired) == 2
