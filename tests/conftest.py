"""Fixtures that build worlds: real servers, a database of one's own, a clock that moves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack

import pytest
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from shared.db.session import Sessions, connect
from tests.early_reads import refuse_early_reads
from tests.servers import (
    Background,
    Clock,
    Database,
    Databases,
    Nats,
    running_nats,
    running_postgres,
)

listen(Session, "do_orm_execute", refuse_early_reads)  # for every test: see tests/early_reads.py

SERVERS = {"databases": "postgres", "nats_server": "nats", "new_nats": "nats"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long proofs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a server, and leave the long proofs to `make soak`."""
    for item in items:
        for fixture, marker in SERVERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
    if not config.getoption("--soak"):
        long = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    runs = Background()
    yield runs
    runs.close()


@pytest.fixture(scope="session")
def databases(background: Background) -> Iterator[Databases]:
    """One PostgreSQL server for the session; databases are made and dropped on it."""
    with running_postgres() as server:
        yield Databases(server, background)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A migrated database of the test's own."""
    mine = databases.clone()
    yield mine
    databases.drop(mine)


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Database]:
    """A database with roles and schemas, on which no migration has run."""
    mine = databases.empty()
    yield mine
    databases.drop(mine)


@pytest.fixture
def second_database(databases: Databases) -> Iterator[Database]:
    """Like `empty_database`, to compare with."""
    mine = databases.empty()
    yield mine
    databases.drop(mine)


SessionsFor = Callable[..., Sessions]


@pytest.fixture
async def sessions_for(database: Database) -> AsyncIterator[SessionsFor]:
    """Make `Sessions` as a service has them: `sessions_for("referral")`."""
    async with AsyncExitStack() as closing:

        def make(service: str, *, role: str = "app") -> Sessions:
            sessions = connect(database.url(service, role))
            closing.push_async_callback(sessions.close)
            return sessions

        yield make


@pytest.fixture
def clock(database: Database) -> Clock:
    """Move the database's clock: `await clock.move(timedelta(minutes=15))`."""
    return Clock(database)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[Nats]:
    """One NATS server for the session; use `clean_nats` unless streams may be left behind."""
    with running_nats() as server:
        yield server


@pytest.fixture
def clean_nats(nats_server: Nats, background: Background) -> Nats:
    """The session's NATS server without any stream."""
    background.run(nats_server.wipe())
    return nats_server


@pytest.fixture
def new_nats() -> Iterator[Callable[[], Nats]]:
    """Start NATS servers of one's own, for tests that stop or kill them."""
    with ExitStack() as running:
        yield lambda: running.enter_context(running_nats())
