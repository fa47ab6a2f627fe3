"""The catalogue check sees every way in which the wall around a table can have a hole."""

import pytest
from sqlalchemy import text

from shared.db import rls
from tests.servers import Database, connected


async def found_after(database: Database, change: str) -> dict[str, str]:
    async with connected(database.url("referral", "owner")) as connection:
        await connection.execute(text(change))
        return await rls.unprotected(connection, schema="referral")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE referral DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE referral NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY programme ON referral",
        "ALTER POLICY programme ON referral USING (true)",
        "ALTER POLICY programme ON referral WITH CHECK (true)",
        "CREATE POLICY second ON referral FOR SELECT USING (true)",
        "ALTER TABLE referral ALTER COLUMN programme_id DROP NOT NULL",
        "CREATE TABLE forgotten (id int)",
        "CREATE TABLE forgotten (programme_id text NOT NULL)",
        "CREATE TABLE forgotten (programme_id text NOT NULL) PARTITION BY LIST (programme_id)",
    ],
)
async def test_a_hole_is_found(database: Database, change: str) -> None:
    found = await found_after(database, change)

    assert list(found) == (["forgotten"] if "forgotten" in change else ["referral"])


async def test_a_policy_that_only_narrows_is_no_hole(database: Database) -> None:
    narrower = "CREATE POLICY closed ON referral AS RESTRICTIVE USING (version > 0)"

    assert await found_after(database, narrower) == {}
