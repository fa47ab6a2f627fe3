"""`handoff migrate`: bring the schemas of services up to date, as their owners."""

import os
import time
from enum import StrEnum
from typing import Annotated

import typer
from asyncpg import PostgresError
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, data_folder, say
from deploy.embedded import state
from deploy.embedded.folder import DataFolder
from deploy.embedded.plan import Plan, Ports
from shared.db import migrate as migrations


class Service(StrEnum):
    """Whose schema to migrate."""

    REFERRAL = "referral"
    CASEWORK = "casework"
    NOTIFY = "notify"


def migrate(
    services: Annotated[
        list[Service] | None,
        typer.Argument(help="Which services; all of them if none is named."),
    ] = None,
    *,
    data: Data = DATA_DEFAULT,
) -> None:
    """Bring the schemas of services up to date.

    Connects as the owner of each schema: with `HANDOFF_REFERRAL_OWNER_URL` (and so on for the
    others) where that is set, else to the PostgreSQL that runs on the data folder.

    Example: `handoff migrate referral casework`
    """
    for service in services or list(Service):
        began = time.monotonic()
        _upgrade(service, owner_url(service, data_folder(data)))
        say(f"{service}: up to date after {time.monotonic() - began:.1f} s")


def owner_url(service: str, folder: DataFolder) -> str:
    """Return where *service*'s schema is and how its owner gets in."""
    setting = f"HANDOFF_{service}_OWNER_URL".upper()
    if url := os.environ.get(setting):
        return url
    return running_plan(folder, otherwise=f", or set {setting}").database_url(f"{service}_owner")


def running_plan(folder: DataFolder, *, otherwise: str = "") -> Plan:
    """Return the plan by which the PostgreSQL that runs on *folder* can be reached.

    Raises:
        CliError: none runs there; *otherwise* ends the sentence with what else helps.
    """
    known = state.read(folder.state)
    parts = known.parts if known else ()
    server = next((each for each in parts if each.name == "postgres"), None)
    if server is None or not server.is_alive:
        raise CliError(
            f"No PostgreSQL runs on {folder.path}: start it with `handoff up`{otherwise}."
        )
    return Plan(folder=folder, ports=Ports(postgres=server.port))


def _upgrade(service: str, url: str) -> None:
    try:
        migrations.upgrade(service, url)
    except (OSError, SQLAlchemyError, PostgresError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise CliError(f"The schema of {service} could not be migrated: {reason}.") from error
