"""Calls to others: recorded, made outside any transaction, and made again until they work."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.session import Sessions
from shared.messaging.errors import TransientError
from shared.messaging.tables import TABLES
from shared.messaging.tasks import AT_ONCE, Record, Task, add_task, do_next
from tests.builders import PROGRAMME
from tests.conftest import SessionsFor

KIND = "probe"


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("casework")


class Calls:
    """A call that can fail, and a record that can fail."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.made = 0
        self.recorded = 0
        self.call_error: Exception | None = None
        self.record_error: Exception | None = None
        self.open_transactions: int | None = None

    async def __call__(self, _: Task) -> Record:
        self.made += 1
        async with self.sessions.engine.connect() as connection:
            self.open_transactions = (
                await connection.execute(
                    text(
                        "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL"
                        " AND pid <> pg_backend_pid() AND datname = current_database()"
                    )
                )
            ).scalar_one()
        if self.call_error:
            raise self.call_error
        return self._record

    async def _record(self, _: AsyncSession) -> None:
        if self.record_error:
            raise self.record_error
        self.recorded += 1


async def added(sessions: Sessions) -> Task:
    task = Task(KIND, uuid4(), PROGRAMME)
    async with sessions.begin() as session:
        add_task(session, task)
        add_task(session, task)
    return task


async def make_due(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(update(TABLES.task).values(try_at=func.now()))


async def count(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return (await session.execute(select(func.count()).select_from(TABLES.task))).scalar_one()


async def test_a_task_is_done_once_even_if_it_was_added_twice(sessions: Sessions) -> None:
    calls = Calls(sessions)
    await added(sessions)

    assert await do_next(sessions, {KIND: calls}, service="casework")
    assert not await do_next(sessions, {KIND: calls}, service="casework")

    assert (calls.made, calls.recorded, await count(sessions)) == (1, 1, 0)


async def test_no_transaction_is_open_while_the_call_is_made(sessions: Sessions) -> None:
    calls = Calls(sessions)
    await added(sessions)

    await do_next(sessions, {KIND: calls}, service="casework")

    assert calls.open_transactions == 0


@pytest.mark.parametrize("where", ["call_error", "record_error"])
async def test_a_failure_keeps_the_task_for_later(sessions: Sessions, where: str) -> None:
    calls = Calls(sessions)
    setattr(calls, where, TransientError("the other service is busy"))
    await added(sessions)

    await do_next(sessions, {KIND: calls}, service="casework")
    assert not await do_next(sessions, {KIND: calls}, service="casework"), "it waits"

    setattr(calls, where, None)
    await make_due(sessions)
    assert await do_next(sessions, {KIND: calls}, service="casework")
    assert (calls.recorded, await count(sessions)) == (1, 0)


async def test_a_crash_in_the_middle_of_a_call_leads_to_another_call(sessions: Sessions) -> None:
    class PlugPulledError(BaseException):
        """Ends the process: nothing after it runs."""

    calls = Calls(sessions)
    await added(sessions)

    async def crash(_: Task) -> Record:
        raise PlugPulledError

    with pytest.raises(PlugPulledError):
        await do_next(sessions, {KIND: crash}, service="casework")
    assert not await do_next(sessions, {KIND: calls}, service="casework"), "still leased"

    await make_due(sessions)  # as when the lease has run out
    assert await do_next(sessions, {KIND: calls}, service="casework")
    assert calls.recorded == 1


async def test_a_call_that_outlives_its_lease_records_nothing_twice(sessions: Sessions) -> None:
    slow, quick = Calls(sessions), Calls(sessions)
    await added(sessions)

    async def overtaken(task: Task) -> Record:
        await make_due(sessions)  # as when the lease has run out
        await do_next(sessions, {KIND: quick}, service="casework")
        return await slow(task)

    await do_next(sessions, {KIND: overtaken}, service="casework")

    assert (quick.recorded, slow.made, slow.recorded) == (1, 1, 0)


async def test_calls_are_made_at_once_and_recorded_in_turn(sessions: Sessions) -> None:
    for _ in range(AT_ONCE):
        await added(sessions)
    all_called, recording, most_recording = asyncio.Barrier(AT_ONCE), 0, 0

    async def record(_: AsyncSession) -> None:
        nonlocal recording, most_recording
        recording += 1
        most_recording = max(most_recording, recording)
        await asyncio.sleep(0)
        recording -= 1

    async def call(_: Task) -> Record:
        await all_called.wait()
        return record

    assert await do_next(sessions, {KIND: call}, service="casework")
    assert (most_recording, await count(sessions)) == (1, 0)


async def test_one_call_that_fails_keeps_no_other_from_being_recorded(sessions: Sessions) -> None:
    failing = await added(sessions)
    await added(sessions)
    calls = Calls(sessions)

    async def call(task: Task) -> Record:
        if task == failing:
            raise TransientError("the other service is busy")
        return await calls(task)

    await do_next(sessions, {KIND: call}, service="casework")
    assert (calls.recorded, await count(sessions)) == (1, 1)


async def test_all_calls_have_ended_when_one_cannot_even_be_postponed(sessions: Sessions) -> None:
    class PlugPulledError(BaseException):
        """Ends the process: nothing after it runs."""

    for _ in range(AT_ONCE):
        await added(sessions)
    all_called, made, ended = asyncio.Barrier(AT_ONCE), 0, 0

    async def call(_: Task) -> Record:
        nonlocal made, ended
        made += 1
        first = made == 1
        await all_called.wait()
        if first:
            raise PlugPulledError
        async with sessions.begin() as session:
            await session.execute(text("SELECT pg_sleep(0.05)"))
        ended += 1
        raise TransientError("the other service is busy")

    with pytest.raises(PlugPulledError):
        await do_next(sessions, {KIND: call}, service="casework")
    assert ended == AT_ONCE - 1


async def test_no_more_are_leased_than_can_be_called_at_once(sessions: Sessions) -> None:
    calls = Calls(sessions)
    for _ in range(3 * AT_ONCE):
        await added(sessions)

    await do_next(sessions, {KIND: calls}, service="casework")

    assert (calls.made, await count(sessions)) == (AT_ONCE, 2 * AT_ONCE)
