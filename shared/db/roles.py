"""Who may do what in the database: three roles per service, none of which reaches another's rows.

`<service>_owner` owns the schemas and runs migrations, `<service>_app` serves and owns nothing,
`<service>_reporting` reads the schema and never the vault. `create` makes all that and may be
repeated at will; `check` is each service's own look, at start, at what it was given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.scram import verifier
from shared.settings import SettingsError


@dataclass(frozen=True, slots=True)
class ServiceSchemas:
    """What one service has in the database."""

    service: str
    vault: bool = False

    @property
    def schemas(self) -> tuple[str, ...]:
        return (self.service, f"{self.service}_vault") if self.vault else (self.service,)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(f"{self.service}_{kind}" for kind in KINDS)


KINDS = ("owner", "app", "reporting")
SERVICES = (
    ServiceSchemas("referral", vault=True),
    ServiceSchemas("casework", vault=True),
    ServiceSchemas("notify"),
)

ATTRIBUTES = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "owner": {
        "statement_timeout": "60s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "5min",
    },
    "app": {
        "statement_timeout": "2s",
        "lock_timeout": "1s",
        "idle_in_transaction_session_timeout": "10s",
    },
    "reporting": {
        "statement_timeout": "30s",
        "lock_timeout": "1s",
        "idle_in_transaction_session_timeout": "60s",
        "default_transaction_read_only": "on",
    },
}

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('handoff.roles', 0))"


async def create(
    url: str, *, passwords: Mapping[str, str], services: Sequence[ServiceSchemas] = SERVICES
) -> None:
    """Make roles, schemas and grants, as administrator; a role without a password cannot log in.

    Raises:
        ValueError: a password belongs to no role, or is not printable ASCII.
    """
    known = {role for each in services for role in each.roles}
    if strangers := sorted(set(passwords) - known):
        raise ValueError(f"no such role: {', '.join(strangers)}")
    connection = await asyncpg.connect(_plain(url))
    try:
        async with connection.transaction():
            await connection.execute(ONE_AT_A_TIME)
            await _make_roles(connection, services, passwords)
            await connection.execute(";\n".join(_in_schemas(services)))
            await admit(connection, services)
    finally:
        await connection.close()


async def admit(
    connection: "asyncpg.Connection[Any]", services: Sequence[ServiceSchemas] = SERVICES
) -> None:
    """Let only these roles into the connected database, each with its path and time limits.

    Separate from the rest because a clone of a template database does not inherit it.
    """
    database = _quoted(await connection.fetchval("SELECT current_database()"))
    await connection.execute(";\n".join(_in_database(services, database)))


async def _make_roles(
    connection: "asyncpg.Connection[Any]",
    services: Sequence[ServiceSchemas],
    passwords: Mapping[str, str],
) -> None:
    present = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
    statements = []
    for role in (role for each in services for role in each.roles):
        verb = "ALTER" if role in present else "CREATE"
        login = f"LOGIN PASSWORD '{verifier(passwords[role])}'" if role in passwords else "NOLOGIN"
        statements.append(f"{verb} ROLE {_quoted(role)} WITH {ATTRIBUTES} {login}")
    await connection.execute(";\n".join(statements))


def _in_schemas(services: Sequence[ServiceSchemas]) -> Iterator[str]:
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    for each in services:
        owner, app, reporting = (_quoted(role) for role in each.roles)
        by_owner = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner}"
        yield f"{by_owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
        for schema in each.schemas:
            name = _quoted(schema)
            yield f"CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {owner}"
            yield f"GRANT USAGE ON SCHEMA {name} TO {app}"
            made_later = f"{by_owner} IN SCHEMA {name} GRANT"
            yield f"{made_later} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
            yield f"{made_later} USAGE, SELECT ON SEQUENCES TO {app}"
            yield f"{made_later} EXECUTE ON FUNCTIONS TO {app}"
        made_later = f"{by_owner} IN SCHEMA {_quoted(each.service)} GRANT"
        yield f"GRANT USAGE ON SCHEMA {_quoted(each.service)} TO {reporting}"
        yield f"{made_later} SELECT ON TABLES TO {reporting}"
        yield f"{made_later} EXECUTE ON FUNCTIONS TO {reporting}"


def _in_database(services: Sequence[ServiceSchemas], database: str) -> Iterator[str]:
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    for each in services:
        for kind, role in zip(KINDS, each.roles, strict=True):
            name = _quoted(role)
            yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
            mine = f"ALTER ROLE {name} IN DATABASE {database} SET"
            yield f"{mine} search_path = {_quoted(each.service)}"
            for setting, value in SETTINGS[kind].items():
                yield f"{mine} {setting} = '{value}'"


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# Earlier releases let one role's row-level security statistics or plans leak to another.
FIRST_SAFE_MINOR = {15: 14, 16: 10, 17: 6}

FACTS = text("""
SELECT session_user AS role, current_schema() AS schema, role.rolsuper, role.rolbypassrls,
    current_setting('server_version') AS version,
    current_setting('server_version_num')::int AS version_number,
    EXISTS (SELECT FROM pg_shdepend
        WHERE refclassid = 'pg_authid'::regclass AND refobjid = role.oid AND deptype = 'o'
    ) AS owns,
    EXISTS (SELECT FROM pg_auth_members WHERE member = role.oid) AS may_become_another
FROM pg_roles AS role WHERE role.rolname = session_user
""")


async def check(connection: AsyncConnection, *, service: str) -> None:
    """Refuse to serve on a connection that could see or change more than *service* may.

    Raises:
        SettingsError: one sentence that names the setting and what to change.
    """
    facts = dict((await connection.execute(FACTS)).mappings().one())
    for wrong, problem in _problems(facts, service):
        if wrong:
            raise SettingsError(f"{service.upper()}_DATABASE_URL {problem}.")


def _problems(facts: Mapping[str, Any], service: str) -> Iterator[tuple[bool, str]]:
    use = f"use the role {service}_app"
    role = facts["role"]
    yield (
        not _safe(facts["version_number"]),
        (f"leads to PostgreSQL {facts['version']}: use 15.14, 16.10, 17.6 or newer"),
    )
    yield facts["rolsuper"], f"logs in as the superuser {role}: {use}"
    yield facts["rolbypassrls"], f"logs in as {role}, who bypasses row-level security: {use}"
    yield facts["owns"], f"logs in as {role}, who owns objects: {use}, which owns none"
    yield facts["may_become_another"], f"logs in as {role}, a member of another role: {use}"
    yield (
        facts["schema"] != service,
        (
            f"leads to the schema {facts['schema'] or '(none)'} instead of {service}: {use},"
            " whose search_path is set when the roles are made"
        ),
    )


def _safe(version_number: int) -> bool:
    major, minor = divmod(version_number, 10_000)
    return major > max(FIRST_SAFE_MINOR) or minor >= FIRST_SAFE_MINOR.get(major, 10_000)
