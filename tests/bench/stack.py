"""Figures of a whole running stack: its start, its memory, and how soon it tells."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.latency import commit_to_timeline, stamp_commits
from tests.bench.memory import resident_mib
from tests.system.running_stack import running_stack

PER_SECOND = 50
TARGETS = {"start from nothing, s": 15.0, "start again, s": 5.0}


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return every figure of the stack, by name."""
    figures: dict[str, Any] = {}
    began = time.monotonic()
    with running_stack(folder):
        figures["start from nothing, s"] = round(time.monotonic() - began, 1)
    say(f"started from nothing in {figures['start from nothing, s']} s")
    began = time.monotonic()
    with running_stack(folder) as stack:
        figures["start again, s"] = round(time.monotonic() - began, 1)
        figures["memory idle, MiB"] = resident_mib(stack)
        asyncio.run(stamp_commits(stack))
        say(f"referring {PER_SECOND} people a second for {seconds:g} s")
        latency, bare = asyncio.run(
            commit_to_timeline(stack, per_second=PER_SECOND, seconds=seconds)
        )
        figures["memory after the load, MiB"] = resident_mib(stack)
    figures[f"commit -> timeline at {PER_SECOND}/s, ms"] = asdict(latency)
    figures["ceiling: one bare transaction meanwhile, ms"] = asdict(bare)
    figures["latency in bare transactions (p50)"] = round(latency.p50 / bare.p50, 1)
    figures["targets"] = TARGETS
    return figures
