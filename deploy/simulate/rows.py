"""Rows on their way into tables: kept by table, then copied, parents before children."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import asyncpg
import orjson
from sqlalchemy import Table

JSONB_LAYOUT = b"\x01"

Record = tuple[Any, ...]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Rows:
    """Rows by table; a column that a row leaves out is empty."""

    def __init__(self) -> None:
        self._by_table: dict[Table, list[Record]] = {}

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """Keep *row* as it is now.

        Raises:
            KeyError: it has a column that the table has not.
        """
        names = _columns(table)
        if not row.keys() <= names.keys():
            raise KeyError(f"{table.name} has no column {min(row.keys() - names.keys())}")
        self._by_table.setdefault(table, []).append((*map(row.get, names),))

    def add_record(self, table: Table, record: Record) -> None:
        """Keep the values of all columns in their order: for what there is most of."""
        self._by_table.setdefault(table, []).append(record)

    @property
    def tables(self) -> list[Table]:
        """Return the tables that there are rows of, parents before children."""
        metadata = {table.metadata for table in self._by_table}
        sorted_tables = [each for every in metadata for each in every.sorted_tables]
        return [table for table in sorted_tables if table in self._by_table]

    def of(self, table: Table) -> list[dict[str, Any]]:
        """Return the rows of *table*."""
        names = _columns(table)
        return [dict(zip(names, each, strict=True)) for each in self._by_table.get(table, ())]

    def take(self, other: "Rows") -> None:
        """Add the rows of *other*."""
        for table in other.tables:
            for row in other.of(table):
                self.add(table, row)

    def count(self, table: Table) -> int:
        return len(self._by_table.get(table, ()))

    async def copy(self, connection: Connection) -> None:
        """Add everything to the database, and be empty again."""
        for table in self.tables:
            await connection.copy_records_to_table(
                table.name,
                schema_name=table.schema,
                columns=list(_columns(table)),
                records=self._by_table.pop(table),
            )


async def prepare(connection: Connection) -> None:
    """Let *connection* take JSON values as they are in Python."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: JSONB_LAYOUT + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )


@lru_cache
def _columns(table: Table) -> dict[str, None]:
    """Return the table's columns in their order, quick to look up."""
    return dict.fromkeys(column.name for column in table.c if column.identity is None)
