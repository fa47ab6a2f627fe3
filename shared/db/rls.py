"""The second wall: rows of a programme are visible only to transactions scoped to it.

`protect` gives the SQL that a migration carries as text; `unprotected` reads the catalogue and
finds every table that slipped through. A table is protected or listed here with its reason.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

POLICY = "programme"
COLUMN = "programme_id"

EXEMPT: Mapping[str, str] = {
    "alembic_version": "which migrations have run",
    "clock_offset": "demo and test databases only: how far ahead their clock stands",
    "outbox": "the relay publishes every programme's events in one order",
    "journal": "the relay numbers every programme's events without a gap",
    "relay_state": "one row: how far the relay has come",
    "inbox": "event ids only, claimed before the event's programme is entered",
    "watermark": "positions in other services' journals",
    "failed_delivery": "events set aside before their programme was entered; ids and codes only",
    "timer": "the scheduler takes what is due and enters its programme after that",
    "task": "the worker takes what waits and enters its programme after that",
    "idempotency_key": "keyed by who wrote and expired for everybody at once; hashes and ids only",
    "request_count": "keyed hashes of who asks and from where, counted before a programme is known",
    "audit_entry": "denials are recorded before any programme is known; the policy guards reading",
    "data_key": "wrapped keys by opaque id; the vault schema has grants of its own",
}


def protect(table: str, *, schema: str) -> tuple[str, ...]:
    """Return the statements that confine *table* to the programme of the transaction."""
    name = f"{schema}.{table}"
    mine = f"{COLUMN} = current_setting('app.{COLUMN}', true)"
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {POLICY} ON {name}\n    USING ({mine})\n    WITH CHECK ({mine})",
    )


TABLES = text("""
SELECT class.relname, class.relrowsecurity, class.relforcerowsecurity,
    EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = class.oid AND attname = :column AND NOT attisdropped AND attnotnull
    ) AS has_programme,
    ARRAY (SELECT concat_ws(' ', polcmd, pg_get_expr(polqual, polrelid),
            pg_get_expr(polwithcheck, polrelid))
        FROM pg_policy WHERE polrelid = class.oid AND polpermissive
    ) AS permissive
FROM pg_class AS class
WHERE class.relnamespace = to_regnamespace(:schema) AND class.relkind IN ('r', 'p')
ORDER BY class.relname
""")


async def unprotected(
    connection: AsyncConnection, *, schema: str, exempt: Collection[str] = frozenset(EXEMPT)
) -> dict[str, str]:
    """Return each table of *schema* that is neither protected nor exempt, with what it lacks."""
    rows = (await connection.execute(TABLES, {"schema": schema, "column": COLUMN})).mappings()
    lacking = {row["relname"]: _lack(row) for row in rows if row["relname"] not in exempt}
    return {table: lack for table, lack in lacking.items() if lack}


def _lack(row: Mapping[Any, Any]) -> str | None:
    mine = f"({COLUMN} = current_setting('app.{COLUMN}'::text, true))"
    if not row["has_programme"]:
        return f"no column {COLUMN} that must be filled"
    if not row["relrowsecurity"] or not row["relforcerowsecurity"]:
        return "row-level security is not forced"
    # Permissive policies add up, so a second one would be a way around the first.
    if row["permissive"] != [f"* {mine} {mine}"]:
        return f"its one permissive policy must be {mine} for reading and writing"
    return None
