"""The clock of a demo's data: all services' schemas stand at the same moment, always.

They are moved together, in one transaction, by the database's administrator, who alone reaches all
schemas. What is kept is a distance from real time, so a moved clock runs on by itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from asyncpg import PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from deploy.embedded.errors import EmbeddedError
from deploy.embedded.plan import SERVICES, Plan
from deploy.embedded.postgres import Postgres
from shared import clock

T = TypeVar("T")

FURTHEST = timedelta(days=3650)  # far below where the database's dates end
NOTHING = timedelta()


def is_movable(plan: Plan) -> bool:
    """Return whether the data was made with a clock that can be moved."""
    return plan.folder.movable_clock.exists()


def read(plan: Plan) -> timedelta:
    """Return how far the clock stands ahead of real time; less than nothing: behind.

    Raises:
        EmbeddedError: the database does not answer.
    """
    if not is_movable(plan):
        return NOTHING
    return _do(plan, _furthest)


def advance(plan: Plan, by: timedelta) -> timedelta:
    """Let *by* pass at once; return how far ahead the clock stands then.

    Raises:
        EmbeddedError: it would not go forward, or too far, or cannot be moved.
    """
    if by <= NOTHING:
        raise EmbeddedError("The clock only goes forward: say by how much, such as --ahead 26h.")

    async def move(connection: AsyncConnection) -> timedelta:
        return await _move(connection, await _furthest(connection) + by)

    return _do(plan, move)


def set_ahead(plan: Plan, ahead: timedelta) -> None:
    """Set how far the clock stands ahead of real time, also behind it.

    Going back is for data in which nothing has happened yet: what was told stays told.

    Raises:
        EmbeddedError: it is too far, or the clock cannot be moved.
    """

    async def move(connection: AsyncConnection) -> timedelta:
        return await _move(connection, ahead)

    _do(plan, move)


async def _furthest(connection: AsyncConnection) -> timedelta:
    found = [await clock.ahead(connection, schema=each) for each in SERVICES]
    return max(found)


async def _move(connection: AsyncConnection, ahead: timedelta) -> timedelta:
    if abs(ahead) > FURTHEST:
        raise EmbeddedError(f"The clock goes no further than {FURTHEST.days} days from real time.")
    for each in SERVICES:
        await clock.move(connection, schema=each, ahead=ahead)
    return ahead


def _do(plan: Plan, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    if not is_movable(plan):
        raise EmbeddedError(
            f"The clock of {plan.folder.path} cannot be moved:"
            " start it with `handoff up --movable-clock`."
        )
    url = _admin_url(plan)
    try:
        # In a thread of its own, so that it can be called from within an event loop as well.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(_in_one_transaction(url, work))).result()
    except (OSError, SQLAlchemyError, PostgresError) as error:
        raise EmbeddedError(
            f"The database of {plan.folder.path} does not answer: see `handoff status`."
        ) from error


async def _in_one_transaction(url: str, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await work(connection)
    finally:
        await engine.dispose()


def _admin_url(plan: Plan) -> str:
    folder = plan.folder
    return Postgres(
        folder.postgres, port=plan.ports.postgres, password_file=folder.postgres_password
    ).admin_url
