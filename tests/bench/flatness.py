"""Whether it stays as fast as it was: the same figures with ten thousand lines and a million."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import uvloop

from deploy.cli.simulate import fill
from deploy.simulate.run import Order
from tests.bench import projection
from tests.bench.http_load import load
from tests.bench.requests import ROUTES, RUNS, SERVICES, middle, set_up
from tests.bench.stand import Stand, standing

SIZES = (10_000, 100_000, 1_000_000)
LINES_A_PERSON = 50  # of a simulated year
WITHIN = 0.20
PROJECTION = "outbox to projection"


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return each figure at each size, and how far it fell from the smallest size."""
    found: dict[int, dict[str, float]] = {}
    with standing(folder, services=SERVICES) as stand:
        set_up(stand)
        for seed, size in enumerate(SIZES, start=1):
            lines = _grow(stand, size, seed=seed)
            found[size] = dict(_figures(stand, seconds))
            rates = ", ".join(f"{name} {rate:.0f}/s" for name, rate in found[size].items())
            say(f"{lines:,} lines: {rates}")
    smallest = found[SIZES[0]]
    kept = {
        name: round(min(rates[name] for rates in found.values()) / rate, 2)
        for name, rate in smallest.items()
    }
    return {
        **{f"{size:,} lines, a second": rates for size, rates in found.items()},
        "least, of the smallest size": kept,
        "target": 1 - WITHIN,
        "met": min(kept.values()) >= 1 - WITHIN,
    }


def _grow(stand: Stand, size: int, *, seed: int) -> int:
    """Simulate people until there are about *size* lines; return how many there are."""
    missing = size - asyncio.run(_lines(stand))
    until = datetime.now(UTC).replace(microsecond=0)
    people = max(1, missing // LINES_A_PERSON)
    fill(stand.plan, Order(people=people, months=12, seed=seed, until=until))
    return asyncio.run(_lines(stand))


def _figures(stand: Stand, seconds: float) -> Iterator[tuple[str, float]]:
    for name, (service, requests) in ROUTES.items():
        asked = requests(stand)
        url = stand.url(service)
        loads = [uvloop.run(load(url, asked, seconds=seconds)) for _ in range(RUNS)]
        yield name, middle(loads).per_second
    asyncio.run(_forget_events(stand))
    with projection.projecting(stand):
        yield PROJECTION, round(median(projection.ours(stand) for _ in range(RUNS)))


async def _forget_events(stand: Stand) -> None:
    """Drop what is still to be told, and what would be read again: it would take the time."""
    connection = await asyncpg.connect(stand.admin_url)
    await connection.execute("TRUNCATE referral.outbox, casework.outbox")
    await connection.execute(
        "UPDATE casework.watermark SET position = (SELECT position FROM referral.relay_state)"
    )
    await connection.close()


async def _lines(stand: Stand) -> int:
    connection = await asyncpg.connect(stand.admin_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM casework.timeline_entry"))
    finally:
        await connection.close()
