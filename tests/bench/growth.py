"""Memory of the services' HTTP halves before and after a hundred thousand requests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

from tests.bench.http_load import load
from tests.bench.memory import own_mib
from tests.bench.requests import ROUTES, SERVICES, set_up
from tests.bench.stand import Stand, standing

WARM, MANY = 2_000, 100_000
AT_MOST_IDLE_MIB, AT_MOST_GROWTH = 150.0, 0.05


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return MiB idle, warm and after *MANY* requests, spread over the routes of the benchmark."""
    with standing(folder, services=SERVICES) as stand:
        set_up(stand)
        idle = _mib(stand)
        answered = _ask(stand, WARM, seconds=1.0)
        warm = _mib(stand)
        say(f"idle {idle}, after {answered:,} requests {warm}")
        while answered < MANY:
            answered += _ask(stand, MANY - answered, seconds=seconds)
            say(f"after {answered:,} requests {_mib(stand)}")
        after = _mib(stand)
    growth = {name: round(after[name] / warm[name] - 1, 3) for name in after}
    return {
        "idle, MiB": idle,
        f"after {WARM:,} requests, MiB": warm,
        f"after {MANY:,} requests, MiB": after,
        "growth": growth,
        "targets": {"idle, MiB": AT_MOST_IDLE_MIB, "growth": AT_MOST_GROWTH},
        "met": max(idle.values()) <= AT_MOST_IDLE_MIB and max(growth.values()) <= AT_MOST_GROWTH,
    }


def _ask(stand: Stand, at_least: int, *, seconds: float) -> int:
    """Ask every route for some seconds each until *at_least* are answered, or once around."""
    answered = 0
    for service, requests in ROUTES.values():
        if answered < at_least:
            url = stand.url(service)
            found = uvloop.run(load(url, requests(stand), seconds=seconds, warm_up=0.0))
            answered += found.answered
    return answered


def _mib(stand: Stand) -> dict[str, float]:
    return {service: own_mib(stand.pids[f"{service} http"]) for service in SERVICES}
