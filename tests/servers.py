"""Real servers for tests: one PostgreSQL and one NATS per test process, on free ports.

A database migrated once is the template of every test's own, so tests commit for real and never
meet one another. Nothing here lasts: durability is switched off and the folders are temporary.
"""

import asyncio
import os
import socket
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import SystemRandom
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import asyncpg
import nats
from nats.js.errors import NotFoundError
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

import shared.clock
from deploy.embedded.nats_server import NatsServer
from deploy.embedded.plan import LISTENER, SERVICES
from deploy.embedded.postgres import ADMINISTRATOR, Postgres
from deploy.nats_config import NatsUser
from shared.db import migrate, roles

T = TypeVar("T")

FORGETFUL = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
PASSWORDS = {
    role: f"made-up '{role}' \\ \" $1 :x" for each in roles.SERVICES for role in each.roles
}


MEMORY = Path("/dev/shm")  # noqa: S108 - only unguessable private folders are made in it
ENOUGH_BYTES = 2 * 1024**3
BELOW_EPHEMERAL = range(15_000, 32_768)
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
GIVEN: set[int] = set()


def short_lived_folder() -> TemporaryDirectory[str]:
    """Return a folder in memory where there is enough: cloning a database is 20 times faster."""
    in_memory = MEMORY.is_dir() and disk_usage(MEMORY).free > ENOUGH_BYTES
    return TemporaryDirectory(prefix="handoff-test-", dir=MEMORY if in_memory else None)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on and that no client is given as its own.

    From below the range of ephemeral ports: a port of that range is lost to a test that ends and
    starts a server again, as soon as any client's connection happens to leave from it. Each of the
    processes that run tests side by side has ports of its own, and gives none twice: between the
    choice and the server's start, another would choose the same.
    """
    mine = [each for each in BELOW_EPHEMERAL if each % WORKERS == WORKER]
    for number in SystemRandom().sample(mine, len(mine)):
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", number))
            if number not in GIVEN:
                GIVEN.add(number)
                return number
    raise AssertionError("no port is free")


class Background:
    """Runs coroutines to their end from anywhere, also from inside a running test."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test servers")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(frozen=True, slots=True)
class Database:
    """One test's own database."""

    name: str
    server: Postgres

    def url(self, service: str, role: str = "app") -> str:
        """Return how `<service>_<role>` reaches it."""
        user = f"{service}_{role}"
        return self.server.url(user, PASSWORDS[user], database=self.name)

    @property
    def admin_url(self) -> str:
        return self.server.url(ADMINISTRATOR, self.server.admin_password, database=self.name)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """Yield one connection in a transaction of its own, for looking at a database from outside."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


class Databases:
    """A PostgreSQL server with the template, and the clones made of it."""

    TEMPLATE = "migrated_template"

    def __init__(self, server: Postgres, background: Background) -> None:
        self._server = server
        self._background = background
        self._numbers = count(1)
        self._migrated = False

    def clone(self) -> Database:
        """Return a fresh, migrated database with a clock that can be moved."""
        if not self._migrated:
            self._background.run(self._build_template())
            self._migrated = True
        # Copying files beats writing the copy to the log as long as nothing is synced to disk.
        database = self._make(f"TEMPLATE {self.TEMPLATE} STRATEGY FILE_COPY")
        self._background.run(_admit(database))
        return database

    def empty(self) -> Database:
        """Return a database that has roles, schemas and grants, and no table yet."""
        database = self._make("TEMPLATE template0")
        self._background.run(roles.create(database.admin_url, passwords=PASSWORDS))
        return database

    def drop(self, database: Database) -> None:
        """Drop *database*, whoever is still connected to it."""
        self._background.run(self._as_administrator(f"DROP DATABASE {database.name} WITH (FORCE)"))

    async def _build_template(self) -> None:
        await self._as_administrator(f"CREATE DATABASE {self.TEMPLATE}")
        template = Database(self.TEMPLATE, self._server)
        await roles.create(template.admin_url, passwords=PASSWORDS)
        for each in roles.SERVICES:
            owner = template.url(each.service, "owner")
            await asyncio.to_thread(migrate.upgrade, each.service, owner)
            async with connected(owner) as connection:
                await shared.clock.make_movable(connection, schema=each.service)

    def _make(self, options: str) -> Database:
        database = Database(f"test_{next(self._numbers)}", self._server)
        self._background.run(self._as_administrator(f"CREATE DATABASE {database.name} {options}"))
        return database

    async def _as_administrator(self, statement: str) -> None:
        url = self._server.url(ADMINISTRATOR, self._server.admin_password, database="postgres")
        connection = await asyncpg.connect(plain(url))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def _admit(database: Database) -> None:
    connection = await asyncpg.connect(plain(database.admin_url))
    try:
        await roles.admit(connection)
    finally:
        await connection.close()


def plain(url: str) -> str:
    """Return *url* as drivers other than SQLAlchemy's read it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass(slots=True)
class Clock:
    """The movable clock of one test's database; all services stand at the same moment."""

    database: Database
    ahead: timedelta = field(default_factory=timedelta)

    async def move(self, by: timedelta) -> None:
        """Let *by* pass at once."""
        self.ahead += by
        async with connected(self.database.admin_url) as connection:
            for each in roles.SERVICES:
                await shared.clock.move(connection, schema=each.service, ahead=self.ahead)


@contextmanager
def running_postgres(options: Mapping[str, str] = FORGETFUL) -> Iterator[Postgres]:
    """Yield a PostgreSQL server of one's own."""
    with short_lived_folder() as folder:
        server = Postgres(Path(folder) / "postgres", port=free_port(), options=options)
        server.start()
        try:
            yield server
        finally:
            server.stop()


NATS_ADMINISTRATOR = NatsUser(
    name="administrator", password="made-up", publish=(">",), subscribe=(">",)
)


def service_users() -> tuple[NatsUser, ...]:
    """Return the services' users, who may do what they may do in production."""
    from deploy import nats_permissions  # noqa: PLC0415 - loads every service; few tests need it

    return nats_permissions.users(dict.fromkeys((*SERVICES, LISTENER), "made-up"))


@dataclass(frozen=True, slots=True)
class Nats:
    """A NATS server and the addresses under which its users reach it."""

    server: NatsServer
    port: int
    users: Mapping[str, NatsUser]

    def url(self, user: str) -> str:
        """Return the address for *user*: a service's name, or `administrator`."""
        return f"nats://{user}:{self.users[user].password}@127.0.0.1:{self.port}"

    async def wipe(self) -> None:
        """Delete every stream, and with them every consumer and message."""
        client = await nats.connect(
            self.url("administrator"), allow_reconnect=False, connect_timeout=5
        )
        try:
            jetstream = client.jetstream()
            for stream in await jetstream.streams_info():
                with suppress(NotFoundError):
                    await jetstream.delete_stream(str(stream.config.name))
        finally:
            await client.close()


@contextmanager
def running_nats(users: Sequence[NatsUser] | None = None) -> Iterator[Nats]:
    """Yield a NATS server of one's own; its users are the services', and an administrator."""
    with short_lived_folder() as folder:
        services = service_users() if users is None else users
        everybody = {each.name: each for each in (*services, NATS_ADMINISTRATOR)}
        port = free_port()
        server = NatsServer(
            Path(folder) / "nats",
            port=port,
            monitor_port=free_port(),
            users=tuple(everybody.values()),
        )
        server.start()
        try:
            yield Nats(server, port, everybody)
        finally:
            server.stop()
