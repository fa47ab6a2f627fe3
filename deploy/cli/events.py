"""`handoff events`: what the services told, read from their journals."""

import json
import time
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from deploy.cli.api import Api, RefusedError
from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, say
from deploy.embedded.plan import SERVICES

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
    api = Api(data)
    chosen = [str(each) for each in service or SERVICES]
    seen = {each: max(0, _head(api, each) - last) for each in chosen}
    while True:
        for each in chosen:
            seen[each] = _print_after(api, each, seen[each])
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
    api = Api(data)
    for service in SERVICES:
        try:
            entry = api.call("GET", service, f"/journal/{event_id}").json()
        except RefusedError as refused:
            if refused.status == NOT_FOUND:
                continue
            raise
        typer.echo(json.dumps({"service": service, **entry}, indent=2))
        return
    raise CliError(f"No journal holds the event {event_id}.")


def _head(api: Api, service: str) -> int:
    page: dict[str, Any] = api.call("GET", service, "/journal", params={"limit": 1}).json()
    return int(page["head"])


def _print_after(api: Api, service: str, position: int) -> int:
    """Print what follows *position*; return the last place printed."""
    while True:
        page = api.call("GET", service, "/journal", params={"after": position, "limit": PAGE})
        entries = page.json()["entries"]
        for entry in entries:
            event = entry["event"]
            say(
                f"{service:<9}{entry['position']:>7}  {event['time'][:23]:<23}"
                f"  {event['type']:<34}  {event['id']}"
            )
            position = entry["position"]
        if len(entries) < PAGE:
            return position
