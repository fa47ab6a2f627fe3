"""Rows that are only added: kept until the transaction ends, then written by one statement.

Most of what a request leaves behind is not read again in it: its audit entry, its events, its
timers, the rows it adds. Written one by one, each costs a round trip and the building of a
statement; decision 0028 says what that came to. So they wait, and `write` adds them all at once,
just before the commit. Whoever reads a table of which rows wait must `write` first; the tests
refuse a statement that does not.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
_WAITING = "rows that wait"

Row = Mapping[str, Any]


class Conflict(NamedTuple):
    """What happens to a row whose *key* is there already: *changes* are taken over, if any."""

    key: tuple[str, ...]
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shape:
    """Rows that can be added together: one table, the same columns, the same conflict."""

    table: Table
    columns: tuple[str, ...]
    conflict: Conflict | None


_Waiting = dict[_Shape, dict[Hashable, Row]]


def add(session: AsyncSession, table: Table, row: Row, *, conflict: Conflict | None = None) -> None:
    """Have *row* added to *table* when the transaction ends; left out are columns with defaults.

    Of rows that change the same one, the last counts.
    """
    waiting: _Waiting = session.info.setdefault(_WAITING, {})
    rows = waiting.setdefault(_Shape(table, tuple(row), conflict), {})
    which = (
        tuple(row[name] for name in conflict.key) if conflict and conflict.changes else len(rows)
    )
    rows[which] = row


def table_of(mapped: type[DeclarativeBase]) -> Table:
    """Return the table of a mapped class."""
    return cast("Table", mapped.__table__)


def add_instance(session: AsyncSession, instance: DeclarativeBase) -> None:
    """Have a mapped *instance* added when the transaction ends: what is set on it, and no more."""
    table = table_of(type(instance))
    row = {each.name: vars(instance)[each.name] for each in table.c if each.name in vars(instance)}
    add(session, table, row)


def waiting_tables(info: Mapping[Any, Any]) -> frozenset[str]:
    """Return the names of tables of which rows wait; *info* is the session's."""
    return frozenset(shape.table.name for shape in info.get(_WAITING, {}))


def discard(session: AsyncSession) -> None:
    """Forget what waits: what it belonged to was rolled back."""
    session.info.pop(_WAITING, None)


async def write(session: AsyncSession) -> None:
    """Add every row that waits, by one statement."""
    waiting: _Waiting = session.info.pop(_WAITING, {})
    if not waiting:
        return
    values = tuple(
        _column_of(shape.table.c[name], rows.values())
        for shape, rows in waiting.items()
        for name in shape.columns
    )
    connection = await session.connection()
    await connection.exec_driver_sql(_statement(tuple(waiting)), values)


def _column_of(column: Column[Any], rows: Collection[Row]) -> list[Any]:
    found = [row[column.name] for row in rows]
    if isinstance(column.type, JSONB):
        return [None if each is None else orjson.dumps(each).decode() for each in found]
    return found


@lru_cache(maxsize=512)
def _statement(shapes: tuple[_Shape, ...]) -> str:
    """Return the one statement that adds rows of these shapes: a column is one parameter."""
    numbers = iter(range(1, 10_000))
    *earlier, last = [_insert(shape, numbers) for shape in shapes]
    if not earlier:
        return last
    parts = ", ".join(f"w{nth} AS ({each})" for nth, each in enumerate(earlier))
    return f"WITH {parts} {last}"


def _insert(shape: _Shape, numbers: Iterator[int]) -> str:
    columns = [shape.table.c[name] for name in shape.columns]
    names = ", ".join(_quoted(each.name) for each in columns)
    arrays = ", ".join(
        f"${next(numbers)}::{each.type.compile(dialect=DIALECT)}[]" for each in columns
    )
    table = DIALECT.identifier_preparer.format_table(shape.table)
    # Names of our own tables; every value is a parameter.
    return f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}){_else(shape)}"  # noqa: S608


def _else(shape: _Shape) -> str:
    if shape.conflict is None:
        return ""
    key = ", ".join(_quoted(each) for each in shape.conflict.key)
    if not shape.conflict.changes:
        return f" ON CONFLICT ({key}) DO NOTHING"
    changes = ", ".join(
        f"{_quoted(each)} = excluded.{_quoted(each)}" for each in shape.conflict.changes
    )
    return f" ON CONFLICT ({key}) DO UPDATE SET {changes}"


def _quoted(name: str) -> str:
    return str(DIALECT.identifier_preparer.quote(name))
