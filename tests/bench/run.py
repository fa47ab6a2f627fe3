"""`handoff bench`: measures what is named, or all, each beside a ceiling of the same run."""

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import (
    flatness,
    followups,
    growth,
    policy,
    projection,
    refusals,
    requests,
    stack,
    walls,
)
from tests.bench.lines import lines_by_folder

Measure = Callable[..., dict[str, Any]]

BENCHES: Mapping[str, Measure] = {
    "requests": requests.measure,
    "walls": walls.measure,
    "policy": policy.measure,
    "refusals": refusals.measure,
    "projection": projection.measure,
    "stack": stack.measure,
    "followups": followups.measure,
    "memory": growth.measure,
    "flatness": flatness.measure,
}
SECONDS = {
    "requests": 5.0,
    "walls": 4.0,
    "policy": 0.0,
    "refusals": 0.0,
    "projection": 0.0,  # until the end
    "stack": 20.0,
    "followups": 0.0,
    "memory": 15.0,
    "flatness": 4.0,
}


def run(names: Sequence[str], *, as_json: bool) -> None:
    """Measure on servers of our own, in a temporary folder, and print what was found."""
    progress = Console(stderr=True, highlight=False)
    figures: dict[str, Any] = {
        "machine": _machine(),
        "date": time.strftime("%Y-%m-%d"),
        "lines of code": lines_by_folder(),
    }
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="handoff-bench-") as folder:
            progress.print(f"{name} ...")
            figures[name] = BENCHES[name](Path(folder), seconds=SECONDS[name], say=progress.print)
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        _print(figures)


def _machine() -> str:
    cores = len(Path("/proc/cpuinfo").read_text("utf-8").split("processor\t")) - 1
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}"


def _print(figures: Mapping[str, Any]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, figure in _flat(figures):
        table.add_row(name, f"{figure:g}" if isinstance(figure, float) else str(figure))
    Console(highlight=False).print(table)


def _flat(figures: Mapping[str, Any], *, within: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, figure in figures.items():
        where = f"{within}{name}"
        if isinstance(figure, Mapping):
            found += _flat(figure, within=f"{where}: ")
        else:
            found.append((where, figure))
    return found
