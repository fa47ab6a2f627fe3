"""From a referral's commit to its timeline entry's commit, as the database itself stamps both."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from tests.system.load import Load
from tests.system.running_stack import RunningStack
from tests.system.until import until

WARM_UP_SECONDS = 3.0

LATENCIES = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(entry.xmin)
                        - pg_xact_commit_timestamp(referral.xmin)) * 1000 AS ms
FROM referral.referral JOIN casework.timeline_entry AS entry
    ON entry.source_kind = 'referral' AND entry.source_id = referral.id
WHERE referral.received_at > $1
ORDER BY ms
"""
MISSING = """
SELECT count(*) FROM referral.referral
WHERE NOT EXISTS (SELECT FROM casework.timeline_entry WHERE source_id = referral.id)
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the middle and the slowest hundredth of *count* measurements."""

    count: int
    p50: float
    p99: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        ordered = sorted(values)
        return cls(len(ordered), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)])


async def stamp_commits(stack: RunningStack) -> None:
    """Have the server keep commit times; that takes a restart, which the stack does by itself."""
    connection = await asyncpg.connect(stack.admin_database_url)
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()
    killed = stack.kill("postgres")
    await asyncio.to_thread(stack.await_restart, "postgres", killed=killed)


async def commit_to_timeline(
    stack: RunningStack, *, per_second: float, seconds: float
) -> tuple[Spread, Spread]:
    """Return the latency at a steady rate, and that of one bare transaction meanwhile."""
    load = Load(stack, per_second=per_second)
    working = asyncio.create_task(load.run())
    await asyncio.sleep(WARM_UP_SECONDS)  # pools and the relay, after the server's restart
    began = datetime.now(UTC)
    bare = await _bare_transactions(stack, seconds=seconds)
    load.stop()
    await working
    connection = await asyncpg.connect(stack.admin_database_url)
    try:

        async def complete() -> bool:
            return bool(await connection.fetchval(MISSING) == 0)

        await until(complete, within=60, what="the last timeline entry")
        found = [float(row["ms"]) for row in await connection.fetch(LATENCIES, began)]
    finally:
        await connection.close()
    return Spread.of(found), bare


async def _bare_transactions(stack: RunningStack, *, seconds: float) -> Spread:
    """Time one-row inserts by one statement each, while the load runs: the ceiling."""
    connection = await asyncpg.connect(stack.admin_database_url)
    taken: list[float] = []
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS public.bench (n int)")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            began = time.perf_counter()
            await connection.execute("INSERT INTO public.bench VALUES (1)")
            taken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.05)
    finally:
        await connection.execute("DROP TABLE public.bench")
        await connection.close()
    return Spread.of(taken)
