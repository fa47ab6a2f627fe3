"""`handoff dead-letters`: events that a consumer could not handle."""

import json
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.api import Api
from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, say
from deploy.embedded.plan import SERVICES

Consumer = Annotated[str, typer.Argument(help="The consumer, such as casework-intake.")]
EventId = Annotated[UUID, typer.Argument(help="The event's id.")]

app = typer.Typer(
    no_args_is_help=True, help="Events that a consumer gave up on until somebody replays them."
)


@app.command("list")
def list_(
    data: Data = DATA_DEFAULT,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the dead letters of all services, newest first.

    Example: `handoff dead-letters list`
    """
    services = Api(data).operated().values()
    found = [letter for service in services for letter in service.get_dead_letters()]
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in found], indent=2))
        return
    if not found:
        say("There are no dead letters.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("consumer", "event", "subject", "tries", "state", "why"):
        table.add_column(heading, overflow="fold")
    for each in found:
        row = [each.consumer, str(each.event_id), each.subject, str(each.attempts)]
        table.add_row(*row, each.state, each.error)
    Console().print(table)


@app.command()
def show(consumer: Consumer, event_id: EventId, data: Data = DATA_DEFAULT) -> None:
    """Print one dead letter with its event (ids and codes only, as all events are).

    Example: `handoff dead-letters show casework-intake 01931b7e-0000-7000-8000-000000000001`
    """
    service = Api(data).operated()[_service(consumer)]
    typer.echo(service.get_dead_letter(consumer, event_id).model_dump_json(indent=2))


@app.command()
def replay(consumer: Consumer, event_id: EventId, data: Data = DATA_DEFAULT) -> None:
    """Have the consumer handle the event again, within a second or so.

    Example: `handoff dead-letters replay casework-intake 01931b7e-0000-7000-8000-000000000001`
    """
    Api(data).operated()[_service(consumer)].post_replay(consumer, event_id)
    say("Asked. `handoff dead-letters list` shows it again if it still cannot be handled.")


def _service(consumer: str) -> str:
    service = consumer.partition("-")[0]
    if service not in SERVICES:
        raise CliError(f"{consumer} is no consumer: their names begin with a service's name.")
    return service
