"""Transactions: every one is scoped to a programme before its first statement.

Row-level security reads the scope from two transaction-local settings. Without a scope they stay
unset and every protected table is empty, so forgetting it can hide rows but never show them.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import AdaptedConnection, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from shared.db.writes import write

AWAY_SECONDS = 5.0  # longer than the statement_timeout of every role that asks through a pool
Added = Literal["events", "tasks"]
SET_SCOPE = (
    "SELECT set_config('app.programme_id', $1::text, true),"
    " set_config('app.actor_id', $2::text, true)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction may touch, and who touches them."""

    programme_id: str
    actor_id: str


class Sessions:
    """Opens transactions on one service's database and says when one has committed events."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._listeners: dict[Added, list[Callable[[], None]]] = {"events": [], "tasks": []}

    @asynccontextmanager
    async def begin(self, scope: Scope | None = None) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction that commits on leaving and rolls back on an error."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            session.info["scope"] = scope
            async with session.begin():
                yield session
                if session.in_transaction():  # whoever rolled it back wanted nothing written
                    await write(session)
            for what in session.info.get("added", ()):
                for wake in self._listeners[what]:
                    wake()

    def on(self, what: Added, wake: Callable[[], None]) -> None:
        """Call *wake* after each commit that added events or tasks."""
        self._listeners[what].append(wake)

    async def close(self) -> None:
        await self.engine.dispose()


def note_added(session: AsyncSession, what: Added) -> None:
    """Have whoever waits for it woken after the commit."""
    session.info.setdefault("added", set()).add(what)


async def enter(session: AsyncSession, scope: Scope) -> None:
    """Narrow a running transaction to *scope*: for workers that first see whose row it is."""
    await write(session)  # what waits belongs to the scope before
    session.info["scope"] = scope
    await (await session.connection()).exec_driver_sql(SET_SCOPE, _parameters(scope))


@event.listens_for(Session, "after_begin")
def _set_scope(session: Session, _: SessionTransaction, connection: Connection) -> None:
    scope = session.info.get("scope")
    if scope is not None:
        connection.exec_driver_sql(SET_SCOPE, _parameters(scope))


def _parameters(scope: Scope) -> tuple[str, str]:
    return (scope.programme_id, scope.actor_id)


def connect(url: str, *, pool_size: int = 8, wait_seconds: float = 5.0) -> Sessions:
    """Return sessions on *url*; who waits longer for a connection than *wait_seconds* is refused.

    A small pool on purpose, and none beyond it: connections that come and go with the load cost
    more than those that wait. None is asked whether it still works before it is used, which would
    take three round trips: the driver knows of one that ended. Of a machine that vanished it knows
    nothing; whoever asks it first waits for AWAY_SECONDS, and then all connections are replaced.
    """
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        connect_args={"timeout": AWAY_SECONDS, "command_timeout": AWAY_SECONDS},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_ended)
    event.listen(engine.sync_engine, "handle_error", _give_up_on_a_silent_server)
    return Sessions(engine)


def _refuse_ended(connection: DBAPIConnection, *_: object) -> None:
    """Have the pool replace a connection that the server has ended, as at its restart."""
    if cast("AdaptedConnection", connection).driver_connection.is_closed():
        raise DisconnectionError


def _give_up_on_a_silent_server(context: ExceptionContext) -> None:
    """Have the pool replace every connection: the server ends a slow statement itself, sooner."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = context.invalidate_pool_on_disconnect = True
