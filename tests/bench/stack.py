"""Figures of a whole running stack: its start, its memory, and how soon it tells."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import latency
from tests.bench.memory import resident_mib
from tests.system.running_stack import running_stack

PER_SECOND = 50
TARGETS = {
    "start from nothing, s": 15.0,
    "start again, s": 5.0,
    "commit -> line, p50, ms": 5.0,
    "commit -> line, p99, ms": 20.0,
}


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
        asyncio.run(latency.stamp_commits(stack))
        say(f"{PER_SECOND} commits a second for {seconds:g} s, twice")
        steps, referrals, bare = asyncio.run(
            latency.measure(stack, per_second=PER_SECOND, seconds=seconds)
        )
        figures["memory after the load, MiB"] = resident_mib(stack)
    figures[f"commit -> line at {PER_SECOND}/s, ms"] = asdict(steps)
    figures[f"the same, {PER_SECOND} whole referrals a second, ms"] = asdict(referrals)
    figures["ceiling: one bare transaction beside the steps, ms"] = asdict(bare)
    figures["latency in bare transactions (p50)"] = round(steps.p50 / bare.p50, 1)
    figures["targets"] = {
        name: _judged(value, at_most=TARGETS[name])
        for name, value in {
            "start from nothing, s": figures["start from nothing, s"],
            "start again, s": figures["start again, s"],
            "commit -> line, p50, ms": steps.p50,
            "commit -> line, p99, ms": steps.p99,
        }.items()
    }
    return figures


def _judged(value: float, *, at_most: float) -> dict[str, Any]:
    return {"measured": value, "at most": at_most, "met": value <= at_most}
