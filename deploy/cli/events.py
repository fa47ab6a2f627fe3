"""`handoff events`: what the services told, read from their journals."""

import json
import time
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

import shared.events.casework
import shared.events.referral  # noqa: F401 - both fill the catalogue
from deploy.cli.api import Api, Operated, RefusedError
from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, say
from deploy.embedded.plan import SERVICES
from shared.events.base import CATALOGUE
from shared.messaging.schemas import event_schema

PAGE = 500
NOT_FOUND = 404
FOLLOW_SECONDS = 0.5


class Service(StrEnum):
    """A service that has a journal."""

    REFERRAL = "referral"
    CASEWORK = "casework"
    NOTIFY = "notify"


app = typer.Typer(no_args_is_help=True, help="Events as the services' journals hold them.")


@app.command()
def tail(
    data: Data = DATA_DEFAULT,
    *,
    service: Annotated[
        list[Service] | None, typer.Option(help="Only this one; may be given several times.")
    ] = None,
    last: Annotated[int, typer.Option(min=0, help="How many of the past to show.")] = 10,
    follow: Annotated[bool, typer.Option(help="Wait for more until Ctrl-C.")] = False,
) -> None:
    """Print the newest events, a line each: place, moment, subject, event.

    Example: `handoff events tail --service referral --follow`
    """
    services = Api(data).operated()
    chosen = [str(each) for each in service or SERVICES]
    seen = {each: max(0, _head(services[each]) - last) for each in chosen}
    while True:
        for each in chosen:
            seen[each] = _print_after(services[each], each, seen[each])
        if not follow:
            return
        time.sleep(FOLLOW_SECONDS)


@app.command()
def show(
    event_id: Annotated[UUID, typer.Argument(help="The event's id, as `events tail` prints it.")],
    data: Data = DATA_DEFAULT,
) -> None:
    """Print one event whole.

    Example: `handoff events show 01931b7e-0000-7000-8000-000000000001`
    """
    services = Api(data).operated()
    for service in SERVICES:
        try:
            entry = services[service].get_journal_entry(event_id, purpose="operations")
        except RefusedError as refused:
            if refused.status == NOT_FOUND:
                continue
            raise
        typer.echo(json.dumps({"service": service, **entry.model_dump(mode="json")}, indent=2))
        return
    raise CliError(f"No journal holds the event {event_id}.")


@app.command()
def schema(
    subject: Annotated[
        str | None, typer.Argument(help="One event; all of them if none is named.")
    ] = None,
) -> None:
    """Print the JSON Schema of events, as journals and `events show` have them.

    A message on NATS is the same in parts: the attributes are its headers (`ce-id`), the data is
    its body.

    Example: `handoff events schema deflection.referral.created.v1`
    """
    if subject is not None and subject not in CATALOGUE:
        meant = get_close_matches(subject, CATALOGUE, n=1)
        advice = f"did you mean {meant[0]}?" if meant else "`handoff events schema` prints all."
        raise CliError(f"No event is called {subject}; {advice}")
    schemas = {each: event_schema(kind) for each, kind in sorted(CATALOGUE.items())}
    typer.echo(json.dumps(schemas[subject] if subject else schemas, indent=2))


def _head(service: Operated) -> int:
    return service.get_journal(limit=1, purpose="operations").head


def _print_after(service: Operated, name: str, position: int) -> int:
    """Print what follows *position*; return the last place printed."""
    while True:
        page = service.get_journal(after=position, limit=PAGE, purpose="operations")
        for entry in page.entries:
            event = entry.event
            say(
                f"{name:<9}{entry.position:>7}  {event['time'][:23]:<23}"
                f"  {event['type']:<34}  {event['id']}"
            )
            position = entry.position
        if len(page.entries) < PAGE:
            return position
