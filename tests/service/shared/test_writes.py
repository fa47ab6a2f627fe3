"""Rows that wait are written together, in order, and never without their transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from shared.db import writes
from shared.db.session import Sessions
from shared.db.writes import Conflict
from shared.messaging.tables import TABLES
from tests.conftest import SessionsFor
from tests.early_reads import EarlyReadError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE_OF_A_KIND = Conflict(("kind", "aggregate_id"), changes=("due_at", "try_at"))


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("casework")


def an_outbox_row(**others: Any) -> dict[str, Any]:
    row = {"event_id": uuid7(), "subject": "pear.fell.v1", "aggregate_id": uuid7()}
    return row | {"body": {"n": 1}} | others


def a_timer(**others: Any) -> dict[str, Any]:
    row = {"id": uuid7(), "kind": "ripen", "aggregate_id": uuid7(), "programme_id": "alder-county"}
    return row | {"due_at": NOW, "try_at": NOW} | others


@contextmanager
def statements(sessions: Sessions) -> Iterator[list[str]]:
    """Note every statement that changes something."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "INSERT" in statement:
            seen.append(statement)

    event.listen(sessions.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(sessions.engine.sync_engine, "before_cursor_execute", note)


async def test_rows_of_several_tables_are_one_statement(sessions: Sessions) -> None:
    first, second = an_outbox_row(), an_outbox_row(body={"quote": "\"' \\ é \u2028"})

    with statements(sessions) as seen:
        async with sessions.begin() as session:
            writes.add(session, TABLES.outbox, first)
            writes.add(session, TABLES.timer, a_timer())
            writes.add(session, TABLES.outbox, second)
            assert seen == []

    assert len(seen) == 1
    async with sessions.begin() as session:
        rows = (await session.execute(select(TABLES.outbox).order_by("id"))).mappings().all()
        assert [row["event_id"] for row in rows] == [first["event_id"], second["event_id"]]
        assert rows[1]["body"] == second["body"]
        assert len((await session.execute(select(TABLES.timer))).all()) == 1


async def test_a_transaction_that_fails_writes_nothing(sessions: Sessions) -> None:
    async def fail() -> None:
        async with sessions.begin() as session:
            writes.add(session, TABLES.outbox, an_outbox_row())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with sessions.begin() as session:
        assert (await session.execute(select(TABLES.outbox))).all() == []


async def test_what_contradicts_the_tables_fails_the_transaction(sessions: Sessions) -> None:
    twice = uuid7()

    async def add_both() -> None:
        async with sessions.begin() as session:
            writes.add(session, TABLES.timer, a_timer(id=twice))
            writes.add(session, TABLES.timer, a_timer(id=twice))

    with pytest.raises(IntegrityError):
        await add_both()


async def test_of_rows_that_change_the_same_one_the_last_counts(sessions: Sessions) -> None:
    whose, later = uuid7(), datetime(2027, 1, 1, tzinfo=UTC)
    async with sessions.begin() as session:
        writes.add(session, TABLES.timer, a_timer(aggregate_id=whose), conflict=ONE_OF_A_KIND)
    async with sessions.begin() as session:
        for moment in (NOW, later):
            again = a_timer(aggregate_id=whose, due_at=moment, try_at=moment)
            writes.add(session, TABLES.timer, again, conflict=ONE_OF_A_KIND)

    async with sessions.begin() as session:
        [row] = (await session.execute(select(TABLES.timer))).mappings().all()
        assert row["due_at"] == later


async def test_a_row_that_is_there_already_is_left_alone_if_nothing_is_to_change(
    sessions: Sessions,
) -> None:
    whose, once = uuid7(), Conflict(("kind", "aggregate_id"))
    for moment in (NOW, datetime(2027, 1, 1, tzinfo=UTC)):
        async with sessions.begin() as session:
            for _ in range(2):
                timer = a_timer(aggregate_id=whose, due_at=moment, try_at=moment)
                writes.add(session, TABLES.timer, timer, conflict=once)

    async with sessions.begin() as session:
        [row] = (await session.execute(select(TABLES.timer))).mappings().all()
        assert row["due_at"] == NOW


async def test_whoever_reads_before_writing_is_refused_in_tests(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        writes.add(session, TABLES.outbox, an_outbox_row())
        with pytest.raises(EarlyReadError, match="outbox"):
            await session.execute(select(TABLES.outbox))
        await writes.write(session)
        assert len((await session.execute(select(TABLES.outbox))).all()) == 1
