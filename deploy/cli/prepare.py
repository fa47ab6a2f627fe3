"""`handoff prepare`: what containers, or servers of your own, need before services can start."""

import asyncio
import re
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli.errors import CliError
from deploy.cli.options import say
from deploy.embedded.plan import SERVICES
from deploy.prepared import Prepared, Servers
from shared.db import migrate, roles

app = typer.Typer(
    no_args_is_help=True,
    help="Make what containers, or servers of your own, need before services can start.",
)

Folder = Annotated[Path, typer.Argument(help="The folder of secrets.", file_okay=False)]
Postgres = Annotated[str, typer.Option("--postgres", help="Where PostgreSQL answers: host:port.")]
Database = Annotated[str, typer.Option("--database", help="The database's name.")]
ADDRESS = re.compile(r".+:[0-9]{1,5}")
POSTGRES, NATS, DATABASE = "127.0.0.1:5432", "127.0.0.1:4222", "handoff"


@app.command("secrets")
def prepare_secrets(
    folder: Folder,
    *,
    postgres: Postgres = POSTGRES,
    database: Database = DATABASE,
    nats: Annotated[str, typer.Option(help="Where NATS answers: host:port.")] = NATS,
    nats_listen: Annotated[str, typer.Option(help="Where NATS is to listen.")] = NATS,
    nats_monitor: Annotated[
        str, typer.Option(help="Where the monitor of NATS is to listen.")
    ] = "127.0.0.1:8222",
    nats_store: Annotated[str, typer.Option(help="JetStream's folder.")] = "/var/lib/nats",
) -> None:
    """Make passwords and keys, each service's settings, and the configuration of NATS.

    What is there already is kept, so it can be run again: after new people or permissions came
    with a new version, or with other addresses.

    Example: `handoff prepare secrets ./secrets --postgres db.example.org:5432`
    """
    servers = Servers(
        postgres=postgres,
        database=database,
        nats=nats,
        nats_listen=nats_listen,
        nats_monitor=nats_monitor,
        nats_store=nats_store,
    )
    try:
        Prepared(folder).write(servers)
    except OSError as error:
        raise CliError(f"{error.filename} cannot be used: {error.strerror}.") from error
    say(f"Secrets, settings and the configuration of NATS are in {folder}.")


@app.command("database")
def prepare_database(
    folder: Folder,
    *,
    postgres: Postgres = POSTGRES,
    database: Database = DATABASE,
    administrator: Annotated[
        str, typer.Option(help="Who may make roles; the password is in postgres/admin_password.")
    ] = "postgres",
) -> None:
    """Make the roles and schemas of all services, and bring them up to date.

    Run it before each new version starts; again, it changes nothing.

    Example: `handoff prepare database ./secrets --postgres db.example.org:5432`
    """
    prepared = Prepared(folder)
    if not ADDRESS.fullmatch(postgres):
        raise CliError("--postgres is to be host:port, such as db.example.org:5432.")
    try:
        admin_url = prepared.admin_url(postgres=postgres, database=database, user=administrator)
        asyncio.run(roles.create(admin_url, passwords=prepared.role_passwords()))
        for service in SERVICES:
            owner = prepared.role_url(f"{service}_owner", postgres=postgres, database=database)
            migrate.upgrade(service, owner)
            say(f"{service}: up to date")
    except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CliError(f"The database at {postgres} could not be prepared: {reason}.") from error
