"""The real services' migrations: from nothing to exactly what their tables say."""

import asyncio
from collections.abc import Iterator
from importlib import import_module

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import clock
from shared.db import migrate, rls, roles
from shared.db.session import SET_SCOPE
from tests.servers import Database, connected

each_service = pytest.mark.parametrize(
    "service", roles.SERVICES, ids=[each.service for each in roles.SERVICES]
)

SHAPE = text("""
SELECT nspname, relname, 'column', attname::text, concat_ws(' ', format_type(atttypid, atttypmod),
    attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class AS class ON class.oid = attrelid
    JOIN pg_namespace AS schema ON schema.oid = relnamespace
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE nspname = ANY(:schemas) AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT nspname, relname, 'constraint', conname, pg_get_constraintdef(con.oid)
FROM pg_constraint AS con JOIN pg_class AS class ON class.oid = conrelid
    JOIN pg_namespace AS schema ON schema.oid = relnamespace
WHERE nspname = ANY(:schemas) AND contype <> 'n'
UNION ALL
SELECT schemaname, tablename, 'index', indexname, indexdef
FROM pg_indexes WHERE schemaname = ANY(:schemas)
""")


def modelled(service: str) -> MetaData:
    metadata: MetaData = import_module(f"services.{service}.tables").metadata
    return metadata


async def shape(database: Database, service: roles.ServiceSchemas) -> set[tuple[str, ...]]:
    """Return every column, constraint and index of the service, as the catalogue describes it."""
    async with connected(database.url(service.service, "owner")) as connection:
        rows = await connection.execute(SHAPE, {"schemas": list(service.schemas)})
        return {tuple(row) for row in rows if row.relname != migrate.VERSION_TABLE}


@each_service
def test_the_steps_go_from_nothing_to_what_the_tables_say(
    service: roles.ServiceSchemas, empty_database: Database
) -> None:
    owner = empty_database.url(service.service, "owner")

    migrate.upgrade(service.service, owner)

    assert migrate.head(service.service) is not None
    assert migrate.misnamed(service.service) == ()
    assert migrate.check_drift(service.service, owner) == ()


@each_service
async def test_the_steps_make_the_very_columns_constraints_and_indexes_of_the_models(
    service: roles.ServiceSchemas, empty_database: Database, second_database: Database
) -> None:
    name = service.service
    await asyncio.to_thread(migrate.upgrade, name, empty_database.url(name, "owner"))
    async with connected(second_database.url(name, "owner")) as connection:
        await connection.execute(text(clock.PRODUCTION.format(schema=name)))
        await connection.run_sync(modelled(name).create_all)

    migrated = await shape(empty_database, service)
    made = await shape(second_database, service)

    assert migrated == made
    assert migrated


@each_service
def test_no_step_imports_application_code(service: roles.ServiceSchemas) -> None:
    steps = list(migrate.folder(service.service).glob("[0-9]*.py"))

    assert steps
    for step in steps:
        assert not any(
            word in step.read_text() for word in ("services.", "shared.", "from shared", "deploy")
        ), f"{step.name} must carry what it needs as text"


@each_service
async def test_every_table_is_walled_or_exempt_for_a_reason(
    service: roles.ServiceSchemas, database: Database
) -> None:
    async with connected(database.url(service.service)) as connection:
        for schema in service.schemas:
            assert await rls.unprotected(connection, schema=schema) == {}
    assert set(protected(service.service)), "a service without programme tables proves nothing"


async def test_every_exemption_is_for_a_table_that_exists(database: Database) -> None:
    everywhere = text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")
    async with connected(database.admin_url) as connection:
        assert set(rls.EXEMPT) <= set(await connection.scalars(everywhere))


def protected(service: str) -> Iterator[str]:
    """Name the tables that hold rows of programmes."""
    for table in modelled(service).sorted_tables:
        if table.name not in rls.EXEMPT:
            yield table.fullname


LOOSEN = """
DO $$ DECLARE item record; BEGIN
    FOR item IN SELECT conname FROM pg_constraint
        WHERE conrelid = '{table}'::regclass AND contype <> 'n'
    LOOP
        EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I CASCADE', item.conname);
    END LOOP;
    FOR item IN SELECT attname FROM pg_attribute
        WHERE attrelid = '{table}'::regclass AND attnotnull AND attidentity = '' AND attnum > 0
    LOOP
        EXECUTE format('ALTER TABLE {table} ALTER COLUMN %I DROP NOT NULL', item.attname);
    END LOOP;
END $$
"""
ADD = "INSERT INTO {table} (programme_id) VALUES ('alder-county')"
COUNT = "SELECT count(*) FROM {table}"


async def scoped(connection: AsyncConnection, programme: str, statement: str) -> int:
    """Run *statement* within *programme*; return the number it answers with, if any."""
    await connection.exec_driver_sql(SET_SCOPE, (programme, "x"))
    answer = await connection.execute(text(statement))
    return int(answer.scalar_one()) if answer.returns_rows else 0


@each_service
@pytest.mark.parametrize("role", ["app", "owner", "reporting"])
async def test_rows_are_seen_only_from_within_their_programme(
    service: roles.ServiceSchemas, role: str, database: Database
) -> None:
    tables = list(protected(service.service))
    async with connected(database.admin_url) as connection:
        for table in tables:
            await connection.execute(text(LOOSEN.format(table=table)))
            await connection.execute(text(ADD.format(table=table)))

    for table in tables:
        count = COUNT.format(table=table)
        async with connected(database.url(service.service, role)) as connection:
            assert (await connection.execute(text(count))).scalar_one() == 0
            assert await scoped(connection, "alder-county", count) == 1
            assert await scoped(connection, "birch-county", count) == 0


@each_service
@pytest.mark.parametrize("programme", ["", "birch-county"])
async def test_a_row_cannot_be_added_from_outside_its_programme(
    service: roles.ServiceSchemas, programme: str, database: Database
) -> None:
    for table in protected(service.service):
        async with connected(database.url(service.service)) as connection:
            with pytest.raises(DBAPIError, match="violates row-level security policy"):
                await scoped(connection, programme, ADD.format(table=table))
            await connection.rollback()


@each_service
async def test_a_row_cannot_be_added_without_any_programme(
    service: roles.ServiceSchemas, database: Database
) -> None:
    for table in protected(service.service):
        async with connected(database.url(service.service)) as connection:
            with pytest.raises(DBAPIError, match="violates row-level security policy"):
                await connection.execute(text(ADD.format(table=table)))
            await connection.rollback()


@each_service
async def test_the_service_accepts_its_own_role_on_its_own_database(
    service: roles.ServiceSchemas, database: Database
) -> None:
    async with connected(database.url(service.service)) as connection:
        await roles.check(connection, service=service.service)


@each_service
async def test_reporting_reads_the_schema_and_never_the_vault(
    service: roles.ServiceSchemas, database: Database
) -> None:
    tables = [table.fullname for table in modelled(service.service).sorted_tables]

    for table in tables:
        async with connected(database.url(service.service, "reporting")) as connection:
            if "_vault." not in table:
                await connection.execute(text(f"SELECT FROM {table}"))
                continue
            with pytest.raises(DBAPIError, match="permission denied for schema"):
                await connection.execute(text(f"SELECT FROM {table}"))

    assert service.vault == any("_vault." in table for table in tables)
