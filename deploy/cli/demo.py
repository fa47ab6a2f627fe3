"""`handoff demo`: the stack on this machine, and one referral's way through it."""

import os
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.api import Api
from deploy.cli.options import DATA_DEFAULT, Data, Fresh, data_folder
from deploy.cli.up import show
from deploy.demo import Story
from deploy.embedded.plan import Plan, ports_from
from deploy.embedded.stack import Stack


def demo(
    data: Data = DATA_DEFAULT,
    *,
    fresh: Fresh = False,
    once: Annotated[bool, typer.Option("--once", help="Stop when the story is told.")] = False,
) -> None:
    """Start the stack, play one made-up referral through the public APIs, and stay up.

    Ports are moved as for `handoff up`, by REFERRAL_PORT, HANDOFF_POSTGRES_PORT and so on.

    Example: `handoff demo --fresh`
    """
    console = Console(highlight=False)

    def ready(stack: Stack) -> None:
        Story(Api(data), console).tell()
        if once:
            stack.stop()
        else:
            show(stack)

    plan = Plan(folder=data_folder(data), ports=ports_from(os.environ), movable_clock=True)
    Stack(plan, say=console.print).run(fresh=fresh, ready=ready)
