"""Follow-ups announced: how many timers a second come due, beside a bare claim of the same rows."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from deploy.cli.simulate import fill
from deploy.embedded import movable_clock
from deploy.simulate.run import Order
from services.casework.use_cases.plan_followups import DUE_TIMER, WINDOW_TIMER
from services.casework.worker import TIMERS
from shared.db.session import connect
from shared.messaging import timers
from tests.bench.stand import Stand, standing

PEOPLE = 1500
AHEAD = timedelta(days=400)
WAITING = "SELECT count(*) FROM casework.timer WHERE kind = ANY ($1)"
KINDS = (DUE_TIMER, WINDOW_TIMER)
PREPARE = """
CREATE TABLE public.bare_followup AS TABLE casework.followup;
ALTER TABLE public.bare_timer ADD PRIMARY KEY (id);
CREATE INDEX ON public.bare_timer (try_at);
ALTER TABLE public.bare_followup ADD PRIMARY KEY (id);
"""
CLAIM = """
WITH next AS MATERIALIZED (
    SELECT id FROM public.bare_timer ORDER BY try_at LIMIT $1 FOR UPDATE SKIP LOCKED
), due AS (
    DELETE FROM public.bare_timer AS timer USING next WHERE timer.id = next.id
    RETURNING aggregate_id, kind
)
UPDATE public.bare_followup AS each SET version = version + 1,
    state = CASE WHEN due.kind = 'followup_due' THEN 'due' ELSE 'missed' END
FROM due WHERE each.id = due.aggregate_id
"""


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return timers a second, ours and bare; *seconds* is not used: it is until none is left."""
    del seconds
    with standing(folder, services=()) as stand:
        until = datetime.now(UTC).replace(microsecond=0)
        fill(stand.plan, Order(people=PEOPLE, months=6, seed=1, until=until))
        movable_clock.advance(stand.plan, AHEAD)
        bare = asyncio.run(_bare(stand))
        ours = asyncio.run(announced_a_second(stand))
        say(f"{ours:.0f} timers of follow-ups a second; bare claims {bare:.0f}")
    return {"timers a second": round(ours), "ceiling": round(bare), "ratio": round(ours / bare, 2)}


async def announced_a_second(stand: Stand) -> float:
    """Fire everything that is due; return how many timers of follow-ups that was a second."""
    connection = await asyncpg.connect(stand.admin_url)
    sessions = connect(stand.plan.database_url("casework_app"))
    try:
        waiting = await connection.fetchval(WAITING, KINDS)
        began = time.perf_counter()
        while await timers.fire_due(sessions, TIMERS, service="casework"):
            pass
        took = time.perf_counter() - began
        left = await connection.fetchval(WAITING, KINDS)
    finally:
        await sessions.close()
        await connection.close()
    if not waiting or left:
        raise AssertionError(f"{left} of {waiting} timers did not fire")
    return float(waiting / took)


async def _bare(stand: Stand) -> float:
    connection = await asyncpg.connect(stand.admin_url)
    try:
        await connection.execute("CREATE TABLE public.bare_timer (LIKE casework.timer)")
        added = "INSERT INTO public.bare_timer SELECT * FROM casework.timer WHERE kind = ANY ($1)"
        await connection.execute(added, KINDS)
        await connection.execute(PREPARE)
        waiting = await connection.fetchval("SELECT count(*) FROM public.bare_timer")
        began = time.perf_counter()
        while await connection.execute(CLAIM, timers.AT_MOST) != "UPDATE 0":
            pass
        return float(waiting / (time.perf_counter() - began))
    finally:
        await connection.close()
