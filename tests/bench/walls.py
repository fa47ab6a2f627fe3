"""What the walls cost a request: the same page bare, behind them, by our sessions, and ours."""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import uvloop

from tests.bench.http_load import Load, Request, load
from tests.bench.requests import RUNS, middle, people
from tests.bench.stand import Stand, standing

LINES = 50
STAGES = {
    "bare": "",
    "in a scoped transaction that is audited, by hand": "/by-hand",
    "the same by SQLAlchemy's session": "/by-session",
}
OURS = "ours: token, policy, checks, log"


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the rate of each stage, its share of the bare one, and what a request takes of it."""
    with standing(folder, services=("casework",)) as stand:
        ids = people(stand, lines=LINES)
        headers = stand.headers("manager-fern")
        found: dict[str, list[Load]] = {name: [] for name in (*STAGES, OURS)}
        for _ in range(RUNS):
            for name, loads in found.items():
                path = f"{STAGES.get(name, '')}/participants/{{}}/timeline?limit={LINES}"
                asked = (Request("GET", path.format(who), headers) for who in cycle(ids))
                loads.append(uvloop.run(load(_url(stand, name), asked, seconds=seconds)))
                say(f"{name}: {loads[-1].per_second}/s")
    bare = middle(found["bare"]).per_second
    return {name: _stage(middle(loads), bare=bare) for name, loads in found.items()}


def _url(stand: Stand, stage: str) -> str:
    return stand.bare_url if stage in STAGES else stand.url("casework")


def _stage(rate: Load, *, bare: float) -> dict[str, float]:
    return {
        "a second": round(rate.per_second),
        "ratio": round(rate.per_second / bare, 2),
        "ms of one request": round(1000 / rate.per_second, 2),
    }
