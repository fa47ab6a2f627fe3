"""`make bench`: prints every figure, as a table or with --json as one document."""

import argparse
import asyncio
import json
import platform
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.latency import commit_to_timeline, stamp_commits
from tests.bench.lines import lines_by_folder
from tests.bench.memory import resident_mib
from tests.system.running_stack import running_stack

PER_SECOND = 20


def main() -> int:
    """Measure everything on a stack of its own, in a temporary folder."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=30, help="how long the load lasts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handoff-bench-") as folder:
        figures = asyncio.run(_measure(Path(folder), seconds=options.seconds))
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        _print(figures)
    return 0


async def _measure(folder: Path, *, seconds: float) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
    }
    began = time.monotonic()
    with running_stack(folder):
        figures["start from nothing, s"] = round(time.monotonic() - began, 1)
    began = time.monotonic()
    with running_stack(folder) as stack:
        figures["start again, s"] = round(time.monotonic() - began, 1)
        figures["memory idle, MiB"] = resident_mib(stack)
        await stamp_commits(stack)
        latency, bare = await commit_to_timeline(stack, per_second=PER_SECOND, seconds=seconds)
        figures["memory after the load, MiB"] = resident_mib(stack)
    figures[f"commit -> timeline at {PER_SECOND}/s, ms"] = asdict(latency)
    figures["ceiling: one bare transaction meanwhile, ms"] = asdict(bare)
    figures["latency in bare transactions (p50)"] = round(latency.p50 / bare.p50, 1)
    figures["lines of code"] = lines_by_folder()
    return figures


def _print(figures: dict[str, Any]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in figures.items():
        rows = value.items() if isinstance(value, dict) else [("", value)]
        for nth, (part, figure) in enumerate(rows):
            shown = f"{figure:.1f}" if isinstance(figure, float) else str(figure)
            table.add_row("" if nth else name, part, shown)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
