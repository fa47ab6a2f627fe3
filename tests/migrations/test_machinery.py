"""The migration machinery, on the throw-away service `probe`."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import migrate, rls
from tests.migrations.conftest import UrlOf
from tests.servers import connected


def write_step(name: str, *does: str, revision: str, after: str | None) -> None:
    lines = [
        "from alembic import op",
        f"revision = {revision!r}",
        f"down_revision = {after!r}",
        "def upgrade() -> None:",
        *(f"    op.execute({each!r})" for each in does or ("SELECT 1",)),
    ]
    (migrate.folder("probe") / name).write_text("\n".join(lines))


def revise_and_upgrade(probe: UrlOf) -> Path:
    step = migrate.revise("probe", probe("owner"), phase="pre", what="leaves and veins")
    migrate.upgrade("probe", probe("owner"))
    return step


def test_a_first_step_is_numbered_and_leaves_nothing_to_change(probe: UrlOf) -> None:
    step = revise_and_upgrade(probe)

    assert step.name == "0001_pre_leaves_and_veins.py"
    assert migrate.head("probe") == "0001"
    assert migrate.misnamed("probe") == ()
    assert migrate.check_drift("probe", probe("owner")) == ()


def test_a_written_step_imports_nothing_of_the_application(probe: UrlOf) -> None:
    written = migrate.revise("probe", probe("owner"), phase="pre", what="tables").read_text()

    assert "import sqlalchemy as sa" in written
    assert "shared" not in written
    assert "services" not in written


async def test_a_written_step_brings_the_clock_and_the_wall_around_programme_tables(
    probe: UrlOf,
) -> None:
    await asyncio.to_thread(revise_and_upgrade, probe)

    async with connected(probe("app")) as connection:
        assert await connection.scalar(text("SELECT app_now() = now()"))
        assert await rls.unprotected(connection, schema="probe") == {}
        assert await rls.unprotected(connection, schema="probe", exempt=["timer"]) == {
            "alembic_version": "no column programme_id that must be filled"
        }
        assert await rls.unprotected(connection, schema="probe_vault") == {}


def test_a_change_of_the_tables_is_drift_until_a_step_makes_it(probe: UrlOf) -> None:
    revise_and_upgrade(probe)
    tables = migrate.folder("probe").parent.parent / "tables.py"
    tables.write_text(tables.read_text().replace("length > 0", "length > 1").replace("leaf", "x"))
    del sys.modules["services.probe.tables"]

    assert migrate.check_drift("probe", probe("owner"))


@pytest.mark.parametrize(
    ("name", "revision", "complaint"),
    [
        ("0002_tables.py", "0002", "is not NNNN_pre_what.py or NNNN_post_what.py"),
        ("0002_pre_Tables.py", "0002", "is not NNNN_pre_what.py or NNNN_post_what.py"),
        ("0002_post_tables.py", "0003", "should hold the revision 0002"),
        ("0003_post_tables.py", "0003", "should hold the revision 0002"),
    ],
)
def test_a_step_whose_name_does_not_say_what_it_is_is_refused(
    probe: UrlOf, name: str, revision: str, complaint: str
) -> None:
    write_step("0001_pre_first.py", revision="0001", after=None)
    write_step(name, revision=revision, after="0001")

    with pytest.raises(ValueError, match=complaint):
        migrate.upgrade("probe", probe("owner"))


async def test_a_step_that_fails_leaves_nothing_and_keeps_those_before_it(probe: UrlOf) -> None:
    write_step("0001_pre_first.py", "CREATE TABLE probe.a ()", revision="0001", after=None)
    halfway = ("CREATE TABLE probe.b ()", "SELECT 1 / 0")
    write_step("0002_pre_second.py", *halfway, revision="0002", after="0001")

    with pytest.raises(DBAPIError):
        await asyncio.to_thread(migrate.upgrade, "probe", probe("owner"))

    async with connected(probe("app")) as connection:
        tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'probe' ORDER BY 1")
        assert list(await connection.scalars(tables)) == ["a", "alembic_version"]
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"


async def test_an_upgrade_can_stop_at_an_older_step(probe: UrlOf) -> None:
    write_step("0001_pre_first.py", "CREATE TABLE probe.a ()", revision="0001", after=None)
    write_step("0002_post_second.py", "DROP TABLE probe.a", revision="0002", after="0001")

    await asyncio.to_thread(migrate.upgrade, "probe", probe("owner"), to="0001")
    assert await stands_at(probe) == ("0001", True)

    await asyncio.to_thread(migrate.upgrade, "probe", probe("owner"))
    assert await stands_at(probe) == ("0002", False)


async def stands_at(probe: UrlOf) -> tuple[str, bool]:
    """Return the last step that has run, and whether the first step's table is there."""
    found = text("SELECT version_num, to_regclass('probe.a') IS NOT NULL FROM alembic_version")
    async with connected(probe("owner")) as connection:
        version, present = (await connection.execute(found)).one()
    return version, present


async def test_the_app_role_cannot_rewrite_which_steps_have_run(probe: UrlOf) -> None:
    await asyncio.to_thread(revise_and_upgrade, probe)

    with pytest.raises(DBAPIError, match="permission denied"):
        async with connected(probe("app")) as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))


async def test_a_second_migrator_waits_for_the_first(probe: UrlOf) -> None:
    write_step("0001_pre_first.py", revision="0001", after=None)
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    async with connected(probe("owner")) as first:
        await first.execute(migrate.QUEUE, {"name": migrate.queue_name("probe")})
        second = asyncio.create_task(asyncio.to_thread(migrate.upgrade, "probe", probe("owner")))
        while not await first.scalar(waiting):
            assert not second.done()
        unchanged = text("SELECT to_regclass('probe.alembic_version') IS NULL")
        assert await first.scalar(unchanged)
    await second


async def test_a_step_does_not_wait_long_for_a_table_in_use(
    probe: UrlOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    await asyncio.to_thread(revise_and_upgrade, probe)
    add = "ALTER TABLE probe.leaf ADD COLUMN colour text"
    write_step("0002_pre_colour.py", add, revision="0002", after="0001")

    async with connected(probe("app")) as reader:
        await reader.execute(text("SELECT FROM leaf"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            await asyncio.to_thread(migrate.upgrade, "probe", probe("owner"))
