"""What each role may do, tried on a server."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import roles
from shared.db.roles import _safe
from shared.db.scram import verifier
from shared.settings import SettingsError
from tests.servers import PASSWORDS, Database, connected, plain

MAKE = (
    "CREATE TABLE referral.leaf (id bigint GENERATED ALWAYS AS IDENTITY, colour text)",
    "CREATE SEQUENCE referral.ring",
    "CREATE FUNCTION referral.two() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE TABLE referral_vault.data_key (id bigint)",
)


@pytest.fixture
async def grown(empty_database: Database) -> Database:
    """A database in which the referral service's owner has made a few things."""
    async with connected(empty_database.url("referral", "owner")) as connection:
        for statement in MAKE:
            await connection.execute(text(statement))
    return empty_database


async def refused(database: Database, statement: str, *, service: str, role: str) -> str:
    with pytest.raises(DBAPIError) as error:
        async with connected(database.url(service, role)) as connection:
            await connection.execute(text(statement))
    return str(error.value.orig)


async def test_making_the_roles_again_changes_nothing(grown: Database) -> None:
    await roles.create(grown.admin_url, passwords=PASSWORDS)

    async with connected(grown.url("referral")) as connection:
        await connection.execute(text("INSERT INTO leaf (colour) VALUES ('green')"))
        assert await connection.scalar(text("SELECT count(*) FROM leaf")) == 1


async def test_a_role_without_a_password_cannot_log_in(empty_database: Database) -> None:
    some = {role: word for role, word in PASSWORDS.items() if role != "notify_reporting"}
    await roles.create(empty_database.admin_url, passwords=some)

    with pytest.raises(DBAPIError, match="not permitted to log in"):
        async with connected(empty_database.url("notify", "reporting")):
            pass


async def test_a_password_for_nobody_is_refused(empty_database: Database) -> None:
    with pytest.raises(ValueError, match="no such role: notify_ap"):
        await roles.create(empty_database.admin_url, passwords={"notify_ap": "made-up"})


async def test_a_stranger_cannot_enter_the_database(empty_database: Database) -> None:
    async with connected(empty_database.admin_url) as connection:
        await connection.execute(text("DROP ROLE IF EXISTS stranger"))
        await connection.execute(text("CREATE ROLE stranger LOGIN PASSWORD 'made-up'"))
    url = empty_database.server.url("stranger", "made-up", database=empty_database.name)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await asyncpg.connect(plain(url))


async def test_the_app_uses_what_its_owner_makes_later(grown: Database) -> None:
    async with connected(grown.url("referral")) as connection:
        await connection.execute(text("INSERT INTO leaf (colour) VALUES ('green')"))
        await connection.execute(text("UPDATE leaf SET colour = 'red'"))
        await connection.execute(text("DELETE FROM leaf"))
        await connection.execute(text("INSERT INTO referral_vault.data_key VALUES (1)"))
        assert await connection.scalar(text("SELECT nextval('ring') + two()")) == 3


@pytest.mark.parametrize(
    ("statement", "service", "role"),
    [
        ("CREATE TABLE referral.mine ()", "referral", "app"),
        ("CREATE TABLE public.mine ()", "referral", "app"),
        ("CREATE TEMPORARY TABLE mine ()", "referral", "app"),
        ("CREATE SCHEMA mine", "referral", "owner"),
        ("DROP TABLE leaf", "referral", "app"),
        ("TRUNCATE leaf", "referral", "app"),
        ("SET ROLE referral_owner", "referral", "app"),
        ("SELECT FROM referral.leaf", "casework", "app"),
        ("SELECT FROM referral.leaf", "casework", "owner"),
        ("SELECT FROM referral.leaf", "casework", "reporting"),
        ("SELECT referral.two()", "notify", "app"),
        ("SELECT FROM referral_vault.data_key", "casework", "app"),
        ("SELECT FROM referral_vault.data_key", "referral", "reporting"),
        ("INSERT INTO leaf (colour) VALUES ('green')", "referral", "reporting"),
    ],
)
async def test_what_a_role_has_no_business_with_is_refused(
    grown: Database, statement: str, service: str, role: str
) -> None:
    answer = await refused(grown, statement, service=service, role=role)

    assert "permission denied" in answer or "must be owner" in answer or "read-only" in answer


async def test_reporting_reads_what_the_owner_makes_later(grown: Database) -> None:
    async with connected(grown.url("referral", "reporting")) as connection:
        await connection.execute(text("SELECT colour, two() FROM leaf"))


async def test_reporting_may_not_write_even_when_it_asks_to(grown: Database) -> None:
    async with connected(grown.url("referral", "reporting")) as connection:
        await connection.execute(text("SET TRANSACTION READ WRITE"))
        with pytest.raises(DBAPIError, match="permission denied for table leaf"):
            await connection.execute(text("DELETE FROM leaf"))
        await connection.rollback()


@pytest.mark.parametrize(("role", "limit"), [("app", "2s"), ("reporting", "30s")])
async def test_every_role_has_limits_of_time(
    empty_database: Database, role: str, limit: str
) -> None:
    async with connected(empty_database.url("notify", role)) as connection:
        assert await connection.scalar(text("SHOW statement_timeout")) == limit
        assert await connection.scalar(text("SHOW lock_timeout")) == "1s"
        assert await connection.scalar(text("SHOW idle_in_transaction_session_timeout")) != "0"
        assert await connection.scalar(text("SELECT current_schema()")) == "notify"


async def refusal(url: str, *, service: str) -> str:
    async with connected(url) as connection:
        with pytest.raises(SettingsError) as error:
            await roles.check(connection, service=service)
    return str(error.value)


async def test_a_service_refuses_to_run_as_the_administrator(grown: Database) -> None:
    assert await refusal(grown.admin_url, service="referral") == (
        "REFERRAL_DATABASE_URL logs in as the superuser postgres: use the role referral_app."
    )


async def test_a_service_refuses_to_run_as_an_owner(grown: Database) -> None:
    assert await refusal(grown.url("referral", "owner"), service="referral") == (
        "REFERRAL_DATABASE_URL logs in as referral_owner, who owns objects:"
        " use the role referral_app, which owns none."
    )


async def test_a_service_refuses_to_run_in_the_schema_of_another(grown: Database) -> None:
    assert await refusal(grown.url("casework"), service="referral") == (
        "REFERRAL_DATABASE_URL leads to the schema casework instead of referral: use the role"
        " referral_app, whose search_path is set when the roles are made."
    )


@pytest.mark.parametrize(
    ("attribute", "undo", "complaint"),
    [
        ("ALTER ROLE notify_app BYPASSRLS", "ALTER ROLE notify_app NOBYPASSRLS", "bypasses"),
        ("GRANT casework_app TO notify_app", "REVOKE casework_app FROM notify_app", "a member"),
    ],
)
async def test_a_service_refuses_a_role_that_was_given_too_much(
    empty_database: Database, attribute: str, undo: str, complaint: str
) -> None:
    async with connected(empty_database.admin_url) as connection:
        await connection.execute(text(attribute))
    try:
        assert complaint in await refusal(empty_database.url("notify"), service="notify")
    finally:
        async with connected(empty_database.admin_url) as connection:
            await connection.execute(text(undo))


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        (140_020, False),
        (150_013, False),
        (150_014, True),
        (160_009, False),
        (160_010, True),
        (170_005, False),
        (170_006, True),
        (180_000, True),
    ],
)
def test_servers_that_leak_across_row_level_security_are_refused(
    version: int, *, safe: bool
) -> None:
    assert _safe(version) is safe


@pytest.mark.parametrize("password", ["", "naïve", "two\nlines"])
def test_a_password_that_would_need_preparation_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        verifier(password)
