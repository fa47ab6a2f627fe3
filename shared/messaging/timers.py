"""Timers are rows: never early, each fires exactly once however many schedulers run.

The effect and the removal of the timer commit together. Rivals (accept against escalate) are
decided by the guarded update inside the effect, not here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from shared.db import writes
from shared.db.session import Scope, Sessions, enter
from shared.db.writes import Conflict
from shared.loops import growing_pause
from shared.messaging.tables import TABLES
from shared.observability.context import correlated, current_request_id, current_traceparent
from shared.observability.metrics import METRICS

log = structlog.get_logger()

EVERY_SECONDS = 0.5
AT_MOST = 50
LONGEST_RETRY_SECONDS = 300
SET_AGAIN = Conflict(
    ("kind", "aggregate_id"),
    changes=("payload", "traceparent", "request_id", "due_at", "try_at", "attempts"),
)


@dataclass(frozen=True, slots=True)
class Timer:
    """One moment at which something is due for one aggregate; *payload* holds ids and codes."""

    kind: str
    aggregate_id: UUID
    programme_id: str
    due_at: datetime
    payload: Mapping[str, str | int] = field(default_factory=dict)


Fire = Callable[[AsyncSession, Timer], Awaitable[None]]


def set_timer(session: AsyncSession, timer: Timer) -> None:
    """Have *timer* fire once, at or after its time, if this transaction commits.

    An aggregate has one timer of a kind: set again, it moves. What it causes is tied to the
    request that set it.
    """
    row = {
        "id": uuid7(),
        "kind": timer.kind,
        "aggregate_id": timer.aggregate_id,
        "programme_id": timer.programme_id,
        "payload": dict(timer.payload),
        "traceparent": current_traceparent(),
        "request_id": current_request_id(),
        "due_at": timer.due_at,
        "try_at": timer.due_at,
        "attempts": 0,
    }
    writes.add(session, TABLES.timer, row, conflict=SET_AGAIN)


async def fire_due(sessions: Sessions, handlers: Mapping[str, Fire], *, service: str) -> int:
    """Fire up to a batch of due timers in one transaction; return how many were due."""
    table = TABLES.timer
    due = (
        select(table)
        .where(table.c.try_at <= func.app_now(), table.c.kind.in_(handlers))
        .order_by(table.c.try_at)
        .limit(AT_MOST)
        .with_for_update(skip_locked=True)
    )
    async with sessions.begin() as session:
        rows = (await session.execute(due)).all()
        for row in rows:
            await enter(session, Scope(row.programme_id, f"{service}-timer"))
            await _fire(session, row, handlers[row.kind])
    return len(rows)


def _timer(row: Row[Any]) -> Timer:
    return Timer(row.kind, row.aggregate_id, row.programme_id, row.due_at, row.payload)


async def _fire(session: AsyncSession, row: Row[Any], fire: Fire) -> None:
    table = TABLES.timer
    try:
        async with session.begin_nested():
            # First, so that the effect may set the same timer again.
            await session.execute(delete(table).where(table.c.id == row.id))
            with correlated(row.request_id, row.traceparent):
                await fire(session, _timer(row))
            await writes.write(session)  # inside the savepoint: they stand or fall with it
    except Exception as error:
        # One timer that cannot fire must not hold up the others; it is tried again later.
        if not session.is_active:
            raise
        writes.discard(session)
        METRICS.loop_failures.labels(f"timer {row.kind}").inc()
        log.warning("timer_failed", kind=row.kind, error_type=type(error).__name__)
        pause = growing_pause(row.attempts + 1, longest=LONGEST_RETRY_SECONDS)
        await session.execute(
            update(table)
            .where(table.c.id == row.id)
            .values(
                attempts=table.c.attempts + 1,
                try_at=func.app_now() + func.make_interval(0, 0, 0, 0, 0, 0, pause),
            )
        )
        return
    METRICS.timers_fired.labels(row.kind).inc()
