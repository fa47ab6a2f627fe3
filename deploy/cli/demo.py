"""`handoff demo`: the stack on this machine, and a made-up programme's story on it."""

import io
import json
import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.api import Api
from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, Fresh, clickable, data_folder
from deploy.cli.up import show
from deploy.demo.cast import MANAGER
from deploy.demo.onlooker import Onlooker
from deploy.demo.report import Report
from deploy.demo.stage import Stage
from deploy.demo.story import tell
from deploy.embedded.plan import Plan, ports_from
from deploy.embedded.stack import Stack


def demo(
    data: Data = DATA_DEFAULT,
    *,
    fresh: Fresh = False,
    once: Annotated[bool, typer.Option("--once", help="Stop when the story is told.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one report as JSON instead of telling; needs --once."),
    ] = False,
) -> None:
    """Start the stack, play a made-up programme's story through the public APIs, and stay up.

    Ports are moved as for `handoff up`, by REFERRAL_PORT, HANDOFF_POSTGRES_PORT and so on.

    Example: `handoff demo --once --fresh --json`
    """
    if as_json and not once:
        raise CliError("The report is printed when the story is over: add --once.")
    console = Console(highlight=False, file=io.StringIO() if as_json else None)
    plan = Plan(folder=data_folder(data), ports=ports_from(os.environ), movable_clock=True)
    told: list[Report] = []

    def ready(stack: Stack) -> None:
        stage = Stage(Api(data), plan, console)
        told.append(stage.report)
        see = tell(stage)
        if once:
            stack.stop()
        else:
            show(stack)
            _look_around(plan, see)

    try:
        Stack(plan, say=console.print).run(fresh=fresh, ready=ready)
    finally:
        if as_json and told:
            sys.stdout.write(json.dumps(told[0].as_json(), indent=2) + "\n")


def _look_around(plan: Plan, see: Onlooker) -> None:
    """Print how to read on: the mail by a click, the timeline with one line for a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    console.print("The mail of the story:", clickable(plan.url("mailbox")))
    console.print("The participant's timeline, as the case manager reads it:")
    timeline = f"{plan.url('casework')}/participants/{see.participant_id}/timeline"
    token = f"$({sys.argv[0]} token --as {MANAGER} --data '{plan.folder.path}')"
    console.print(f'curl -H "Authorization: Bearer {token}" {timeline}', markup=False)
