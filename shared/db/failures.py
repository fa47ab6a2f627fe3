"""Telling "the database is away" from "the database said no"."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

AWAY = (
    OSError,  # refused, reset, timed out
    InterfaceError,
    OperationalError,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)

# The statement waited too long for others, or lost against them, or a disk or memory was full, or
# a standby is being promoted: asked again, it may succeed.
BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014", "53100", "53200", "53300", "25006"})


def is_busy(error: BaseException) -> bool:
    """Return whether the database could not do just now what may succeed later."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in BUSY_STATES


def is_unreachable(error: BaseException) -> bool:
    """Return whether *error* says that the database could not be asked at all."""
    if isinstance(error, AWAY):
        return True
    if not isinstance(error, DBAPIError):
        return False
    original = getattr(error.orig, "__cause__", None)
    return error.connection_invalidated or isinstance(original, AWAY)
