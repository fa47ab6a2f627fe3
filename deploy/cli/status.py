"""`handoff status`: what runs where, and whether it answers now."""

import json
from dataclasses import dataclass
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.options import DATA_DEFAULT, Data, clickable, data_folder, say
from deploy.embedded import state
from deploy.embedded.ports import answers
from deploy.embedded.service import answers_ok

SOMETHING_DOWN = 1
NOTHING_RUNS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One part as it is at this moment."""

    name: str
    url: str
    pid: int | None
    state: Literal["up", "starting", "not answering", "down"]


def status(
    data: Data = DATA_DEFAULT,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what runs where and whether it answers now.

    Exit code 0: all is up; 1: something is not; 3: nothing runs.

    Example: `handoff status --json`
    """
    folder = data_folder(data)
    known = state.read(folder.state)
    lines = [look(each) for each in known.parts] if known else []
    code = exit_code(lines)
    if as_json:
        parts = [
            {"name": each.name, "url": each.url, "pid": each.pid, "state": each.state}
            for each in lines
        ]
        print(json.dumps({"data": str(folder.path), "parts": parts}, indent=2))  # noqa: T201 - unwrapped, for programs
    elif code == NOTHING_RUNS:
        say(f"Nothing runs on {folder.path}.")
    else:
        show(lines)
    raise typer.Exit(code)


def look(part: state.Running) -> Line:
    """Ask *part* how it is now."""
    if not part.is_alive:
        return Line(part.name, part.url, None, "down")
    if answers_ok(part.check) if part.check else answers(part.port):
        return Line(part.name, part.url, part.pid, "up")
    return Line(
        part.name, part.url, part.pid, "starting" if part.state == "starting" else "not answering"
    )


def exit_code(lines: list[Line]) -> int:
    if not any(each.pid for each in lines):
        return NOTHING_RUNS
    return 0 if all(each.state == "up" for each in lines) else SOMETHING_DOWN


def show(lines: list[Line]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("what", "state", "where", "process"):
        table.add_column(heading, no_wrap=True)
    for each in lines:
        table.add_row(each.name, each.state, clickable(each.url), str(each.pid or "-"))
    Console().print(table)
