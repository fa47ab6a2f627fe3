"""Writes `docs/reference/commands.md` from the `handoff` command, or checks that it is current.

`python -m deploy.commands_table` writes, `--check` only compares.
"""

import sys
from collections.abc import Iterator
from enum import Enum
from typing import get_args

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from deploy.cli.main import make_app
from deploy.kept import REFERENCE, cell, keep

TABLE = REFERENCE / "commands.md"

TOP = """# Commands

Written by `python -m deploy.commands_table` from the `handoff` command; do not edit by hand.

In a checkout the command is `.venv/bin/handoff`. What can be expected to go wrong ends in one
sentence and exit code 1. `handoff COMMAND --help` says the same as this page.
"""

HEAD = "| give | what it is | default | variable |\n|---|---|---|---|"


def render() -> str:
    """Return the whole page."""
    return "\n".join([TOP, *_sections(typer.main.get_command(make_app()), "handoff")])


def _sections(command: object, name: str) -> Iterator[str]:
    if not isinstance(command, TyperGroup):
        yield _section(command, name)
        return
    for each, found in command.commands.items():
        yield from _sections(found, f"{name} {each}")


def _section(command: object, name: str) -> str:
    text = str(getattr(command, "help", "")).strip()
    given = [_row(each) for each in getattr(command, "params", [])]
    table = f"\n{HEAD}\n" + "\n".join(given) + "\n" if given else ""
    return f"## {name}\n\n{text}\n{table}"


def _row(given: object) -> str:
    if isinstance(given, TyperArgument):
        cells = (str(given.name).upper(), _what(given), _default(given), "")
    elif isinstance(given, TyperOption):
        names = " / ".join([*given.opts, *given.secondary_opts])
        variable = f"`{given.envvar}`" if given.envvar else ""
        cells = (names, _what(given) or _port(given), _default(given), variable)
    else:
        raise TypeError(f"{given!r} is neither an option nor an argument.")
    first, *others = cells
    return f"| `{first}` | " + " | ".join(cell(each) for each in others) + " |"


def _what(given: TyperArgument | TyperOption) -> str:
    asked = given.type_descriptor.annotation
    kind = next(iter(get_args(asked)), asked)
    chosen = list(kind) if isinstance(kind, type) and issubclass(kind, Enum) else []
    names = ", ".join(f"`{each}`" for each in chosen)
    return " ".join(each for each in (given.help, names and f"One of {names}.") if each)


def _port(given: TyperOption) -> str:
    """Say what an option without a sentence is: ports are known by their names alone."""
    name = str(given.name).removesuffix("_port")
    if name == given.name:
        raise ValueError(f"{given.name} says nothing of itself: give it a help text.")
    return f"The port of {name.replace('_', ' ')} on 127.0.0.1."


def _default(given: TyperArgument | TyperOption) -> str:
    if given.required:
        return "must be given"
    if isinstance(given.show_default, str):
        return given.show_default
    if given.default is None or given.default is False or given.default == []:
        return ""
    return f"`{given.default}`"


def main() -> int:
    return keep(TABLE, render(), by="deploy.commands_table")


if __name__ == "__main__":
    sys.exit(main())
