"""`handoff up`: everything on this machine, until Ctrl-C."""

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.options import DATA_DEFAULT, Data, Fresh, clickable, data_folder, say
from deploy.embedded.plan import PORT_SETTINGS, Plan, Ports
from deploy.embedded.stack import Stack

DEFAULTS = Ports()
PORTS = "Ports on 127.0.0.1"


def _port(name: str) -> Callable[..., object]:
    found: Callable[..., object] = typer.Option(
        f"--{name.replace('_', '-')}-port",
        envvar=PORT_SETTINGS[name],
        min=1,
        max=65535,
        rich_help_panel=PORTS,
    )
    return found


def up(  # noqa: PLR0913 - one parameter per option is how Typer reads them
    data: Data = DATA_DEFAULT,
    *,
    fresh: Fresh = False,
    only_servers: Annotated[
        bool, typer.Option("--only-servers", help="PostgreSQL and NATS, no service.")
    ] = False,
    movable_clock: Annotated[
        bool,
        typer.Option("--movable-clock", help="Let the clock be moved, to play with made-up data."),
    ] = False,
    referral_port: Annotated[int, _port("referral")] = DEFAULTS.referral,
    casework_port: Annotated[int, _port("casework")] = DEFAULTS.casework,
    notify_port: Annotated[int, _port("notify")] = DEFAULTS.notify,
    identity_port: Annotated[int, _port("identity")] = DEFAULTS.identity,
    mailbox_port: Annotated[int, _port("mailbox")] = DEFAULTS.mailbox,
    mailbox_smtp_port: Annotated[int, _port("mailbox_smtp")] = DEFAULTS.mailbox_smtp,
    nats_port: Annotated[int, _port("nats")] = DEFAULTS.nats,
    nats_monitor_port: Annotated[int, _port("nats_monitor")] = DEFAULTS.nats_monitor,
    postgres_port: Annotated[int, _port("postgres")] = DEFAULTS.postgres,
) -> None:
    """Start PostgreSQL, NATS and the services on this machine, until Ctrl-C.

    The first start makes the data folder; the next one goes on with what is in it.

    Example: `handoff up --data ./try-out --postgres-port 9132`
    """
    given = locals()
    ports = Ports(**{name: given[f"{name}_port"] for name in PORT_SETTINGS})
    folder = data_folder(data)
    plan = Plan(folder=folder, ports=ports, only_servers=only_servers, movable_clock=movable_clock)
    Stack(plan, say=say).run(fresh=fresh, ready=show)


def show(stack: Stack) -> None:
    """Print what runs where, and what to do next."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("what", "where", "process"):
        table.add_column(heading, no_wrap=True)
    for part in stack.parts:
        table.add_row(part.name, clickable(part.url), str(part.pid))
    console = Console()
    console.print()
    console.print(table)
    console.print()
    say(f"Data, logs and secrets: {stack.plan.folder.path}")
    say("Next: `handoff status` in another terminal shows how it does.")
    say("Stop: Ctrl-C here, or `handoff down`.")
