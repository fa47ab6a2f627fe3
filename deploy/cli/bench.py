"""`handoff bench`: speed and memory, each beside a ceiling measured in the same run."""

from importlib import import_module
from typing import Annotated, Any

import typer

from deploy.cli.errors import CliError


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="What to measure: requests, walls, policy, refusals, projection, stack, followups,"
            " memory, flatness; or everything."
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure speed and memory on servers of its own; everything takes half an hour.

    Needs a checkout of the repository: what measures lies in its tests.

    Example: `handoff bench requests --json`
    """
    measuring = _measuring()
    if strangers := sorted(set(names or ()) - measuring.BENCHES.keys()):
        raise CliError(
            f"Nothing is measured as {strangers[0]}: name {' or '.join(measuring.BENCHES)}."
        )
    measuring.run(names or [], as_json=as_json)


def _measuring() -> Any:  # noqa: ANN401 - a module that an installed package does not have
    try:
        return import_module("tests.bench.run")
    except ModuleNotFoundError:
        raise CliError("What measures is not installed: run it in a checkout.") from None
