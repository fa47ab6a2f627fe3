"""Time is the database's clock, read through one SQL function.

Production's `app_now()` is `now()`. Demo and test databases replace it with one that adds an
offset kept in a table, so that a story of months plays in a minute. Domain code never reads a
clock: it receives `now`.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

PRODUCTION = """
CREATE OR REPLACE FUNCTION {schema}.app_now() RETURNS timestamptz
LANGUAGE sql STABLE AS 'SELECT now()'
"""

OFFSET_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.clock_offset (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    ahead interval NOT NULL
)
"""
OFFSET_ROW = "INSERT INTO {schema}.clock_offset VALUES (true, '0') ON CONFLICT DO NOTHING"
MOVABLE = """
CREATE OR REPLACE FUNCTION {schema}.app_now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS 'SELECT now() + (SELECT ahead FROM {schema}.clock_offset)'
"""


async def app_now(session: AsyncSession) -> datetime:
    """Return the programme's present moment (UTC)."""
    now: datetime = (await session.execute(text("SELECT app_now()"))).scalar_one()
    return now


async def make_movable(connection: AsyncConnection, *, schema: str) -> None:
    """Give a demo or test database a clock that can be moved; run as the schema's owner."""
    for statement in (OFFSET_TABLE, OFFSET_ROW, MOVABLE):
        await connection.execute(text(statement.format(schema=schema)))


async def ahead(connection: AsyncConnection, *, schema: str) -> timedelta:
    """Return how far ahead of real time a movable clock stands; nobody else moves it meanwhile."""
    found: timedelta = (
        await connection.execute(
            text(f"SELECT ahead FROM {schema}.clock_offset FOR UPDATE")  # noqa: S608 - our own constant
        )
    ).scalar_one()
    return found


async def move(connection: AsyncConnection, *, schema: str, ahead: timedelta) -> None:
    """Set how far ahead of real time a movable clock stands."""
    await connection.execute(
        text(f"UPDATE {schema}.clock_offset SET ahead = :ahead"),  # noqa: S608 - our own constant
        {"ahead": ahead},
    )
