"""Calls to others, done the only safe way: record, commit, call, commit.

A handler records a task and returns; nothing external is called inside a transaction. A worker
leases the task, makes the call with no transaction open, and commits its result together with
the task's removal. A crash in between means the call is made again: calls must bear repetition.
A result is recorded once: only by the worker whose lease it still is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from shared.db import writes
from shared.db.session import Scope, Sessions, note_added
from shared.db.writes import Conflict
from shared.loops import growing_pause
from shared.messaging.errors import describe
from shared.messaging.tables import TABLES
from shared.observability.context import correlated, current_request_id, current_traceparent
from shared.observability.metrics import METRICS

log = structlog.get_logger()

EVERY_SECONDS = 1.0
AT_ONCE = 4
LEASE_SECONDS = 60
LONGEST_RETRY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Task:
    """One call to make for one aggregate."""

    kind: str
    aggregate_id: UUID
    programme_id: str


Record = Callable[[AsyncSession], Awaitable[None]]
Call = Callable[[Task], Awaitable[Record]]


def add_task(session: AsyncSession, task: Task) -> None:
    """Have *task* done after this transaction commits; adding it twice does it once."""
    row = {
        "id": uuid7(),
        "kind": task.kind,
        "aggregate_id": task.aggregate_id,
        "programme_id": task.programme_id,
        "traceparent": current_traceparent(),
        "request_id": current_request_id(),
    }
    writes.add(session, TABLES.task, row, conflict=Conflict(("kind", "aggregate_id")))
    note_added(session, "tasks")


async def do_next(sessions: Sessions, calls: Mapping[str, Call], *, service: str) -> bool:
    """Do tasks that are due; return whether there was one.

    Some calls are made at once. What they bring is recorded in turn: recorded at once, it would
    wait for one another's locks and keep connections from everybody else. All have ended when this
    returns or raises, whichever of them failed.
    """
    leased = await _lease(sessions, calls)
    turn = asyncio.Lock()
    doing = [_do(row, sessions, calls[row.kind], service=service, turn=turn) for row in leased]
    outcomes = await asyncio.gather(*doing, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return bool(leased)


async def _do(
    row: Row[Any], sessions: Sessions, call: Call, *, service: str, turn: asyncio.Lock
) -> None:
    task = Task(row.kind, row.aggregate_id, row.programme_id)
    scope = Scope(row.programme_id, f"{service}-task")
    with correlated(row.request_id, row.traceparent):
        try:
            record = await call(task)
            async with turn, sessions.begin(scope) as session:
                if await _finish(session, row):
                    await record(session)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the task stays and waits
            await _postpone(sessions, row, error)


async def _finish(session: AsyncSession, row: Row[Any]) -> bool:
    """Remove the task; return False if its lease ran out and another worker has it since."""
    table = TABLES.task
    ours = delete(table).where(table.c.id == row.id, table.c.attempts == row.attempts)
    return (await session.execute(ours.returning(table.c.id))).one_or_none() is not None


async def _lease(sessions: Sessions, calls: Mapping[str, Call]) -> Sequence[Row[Any]]:
    table = TABLES.task
    # Materialized: a subquery may be run once for each row, and then leases more than its limit.
    due = (
        select(table.c.id)
        .where(table.c.try_at <= func.now(), table.c.kind.in_(calls))
        .order_by(table.c.try_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    lease = (
        update(table)
        .where(table.c.id == due.c.id)
        .values(
            attempts=table.c.attempts + 1,
            try_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, LEASE_SECONDS),
        )
        .returning(table)
    )
    async with sessions.begin() as session:
        rows: Sequence[Row[Any]] = (await session.execute(lease)).all()
    return rows


async def _postpone(sessions: Sessions, row: Row[Any], error: Exception) -> None:
    METRICS.loop_failures.labels(f"task {row.kind}").inc()
    log.warning("task_failed", kind=row.kind, error_type=type(error).__name__)
    pause = growing_pause(row.attempts, longest=LONGEST_RETRY_SECONDS)
    async with sessions.begin() as session:
        await session.execute(
            update(TABLES.task)
            .where(TABLES.task.c.id == row.id, TABLES.task.c.attempts == row.attempts)
            .values(
                last_error=describe(error),
                try_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, pause),
            )
        )
