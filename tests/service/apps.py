"""Each service's real application on the test's own database, asked in memory with real tokens.

The lifespan is left out: nothing connects to a broker. What it would have closed is closed here.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from uuid_utils.compat import uuid7

from deploy.identity.staff import ACCOUNTS
from shared.db.session import Sessions
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from shared.messaging.relay import number
from shared.settings import ServiceSettings
from tests.identity import ISSUER, LocalProvider
from tests.servers import Database, connected
from tests.service import matrix

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
NOBODY_LISTENS = "http://127.0.0.1:9"
REQUEST_ID = "test-request"
AUDITED = "SELECT actor_id, action, resource_id, outcome, reason FROM audit_entry ORDER BY id"
TABLES = """
SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
WHERE table_schema IN (:service, :vault) ORDER BY 1
"""
SENTINEL = "Test Participant Birch"


def settings_of(service: str, database: Database, **others: str) -> Any:
    """Return the service's settings: its database, and nobody behind any other address."""
    kind: type[ServiceSettings] = import_module(f"services.{service}.settings").Settings
    values = {
        "database_url": database.url(service),
        "nats_url": "nats://nobody:made-up@127.0.0.1:9",
        "oidc_issuer": ISSUER,
        "client_secret": "made-up",
        "hash_key": KEY,
        "key_encryption_key": KEY,
        "referral_url": NOBODY_LISTENS,
        "casework_url": NOBODY_LISTENS,
        "smtp_url": "smtp://127.0.0.1:9",
        "movable_clock": "true",
        "requests_per_minute": "1000000",
        "unknown_per_minute": "1000000",
    } | others
    return kind.model_validate({name: values[name] for name in values if name in kind.model_fields})


class Asking:
    """One member of staff, or a service, at one application."""

    def __init__(self, app: "ServiceApp", who: str | None, headers: Mapping[str, str]) -> None:
        self._app = app
        self._who = who
        self._headers = dict(headers)

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"X-Request-Id": REQUEST_ID, **self._headers, **request.pop("headers", {})}
        if self._who is not None:
            headers["Authorization"] = f"Bearer {await self._app.token(self._who)}"
        return await self._app.http.request(method, path, headers=headers, **request)

    async def get(self, path: str, **request: Any) -> httpx.Response:
        return await self.ask("GET", path, **request)

    async def put(self, path: str, **request: Any) -> httpx.Response:
        return await self.ask("PUT", path, **request)

    async def post(self, path: str, **request: Any) -> httpx.Response:
        return await self.ask("POST", path, **request)


@dataclass
class ServiceApp:
    """A service with its database and its provider."""

    service: str
    app: FastAPI
    provider: LocalProvider
    database: Database
    http: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def sessions(self) -> Sessions:
        sessions: Sessions = self.app.state.sessions
        return sessions

    def as_(
        self, who: str | None, *, purpose: str | None = None, programme: str | None = None
    ) -> Asking:
        """Ask as *who*; None sends no token."""
        stated = {"Handoff-Purpose": purpose, "Handoff-Programme": programme}
        return Asking(self, who, {name: each for name, each in stated.items() if each is not None})

    def as_forged(self, **claims: Any) -> Asking:
        """Ask with a signed token that says whatever a test wants to be different."""
        return Asking(self, None, {"Authorization": f"Bearer {self.provider.forge(**claims)}"})

    async def token(self, who: str) -> str:
        if who not in self.tokens:
            self.tokens[who] = await self.provider.token(who, service=self.service)
        return self.tokens[who]

    async def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Look at the database from outside: past row-level security, with the service's path."""
        async with connected(self.database.admin_url) as connection:
            await connection.execute(text(f"SET search_path = {self.service}"))
            return [tuple(row) for row in await connection.execute(text(statement), values)]

    async def count(self, table: str) -> int:
        [(found,)] = await self.rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own table
        return int(found)

    async def audited(self) -> list[tuple[Any, ...]]:
        return await self.rows(AUDITED)

    async def everything(self) -> str:
        """Return all that the service keeps, keys included, as PostgreSQL prints it."""
        schemas = {"service": self.service, "vault": f"{self.service}_vault"}
        async with connected(self.database.admin_url) as connection:
            names = (await connection.scalars(text(TABLES), schemas)).all()
            assert names
            found = [
                await connection.scalars(text(f"SELECT each::text FROM {name} AS each"))  # noqa: S608 - from the catalogue
                for name in names
            ]
            return "\n".join(row for rows in found for row in rows)

    async def break_audit(self) -> None:
        """Take the right to write the audit log from the application, as its owner could."""
        async with connected(self.database.url(self.service, "owner")) as connection:
            await connection.execute(text(f"REVOKE INSERT ON audit_entry FROM {self.service}_app"))

    async def journal_numbered(self) -> None:
        """Have what waits in the outbox take its place in the journal, as the relay does."""
        async with self.sessions.engine.connect() as connection:
            await number(await connection.execution_options(isolation_level="AUTOCOMMIT"))


@asynccontextmanager
async def running_app(
    service: str, database: Database, provider: LocalProvider
) -> AsyncIterator[ServiceApp]:
    make_app = import_module(f"services.{service}.app").make_app
    app: FastAPI = make_app(settings_of(service, database), only="http")
    await app.state.verifier.aclose()
    app.state.verifier = TokenVerifier(
        issuer=ISSUER, audience=audience_of(service), transport=provider
    )
    base_url = f"http://{service}.example.org"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as http:
        yield ServiceApp(service, app, provider, database, http)
    await app.state.verifier.aclose()
    await app.state.sessions.close()


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a table: what is asked, why, and whom it is answered; 404 for all others."""

    method: str
    path: str
    purpose: str
    answered: Mapping[str, int]
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} for {self.purpose}"


async def answers(
    app: ServiceApp, route: Route, *, path: str | None = None
) -> dict[str, httpx.Response]:
    """Return what everybody is answered, services in the programme alder-county.

    `{new}` in the path becomes a new id each time.
    """
    found = {}
    for who in matrix.EVERYBODY:
        programme = "alder-county" if "-" not in who else None
        asking = app.as_(who, purpose=route.purpose, programme=programme)
        asked = (path or route.path).replace("{new}", str(uuid7()))
        found[who] = await asking.ask(route.method, asked, json=route.body)
    return found


def same_refusal(found: Sequence[httpx.Response]) -> bool:
    """Return whether all these are one 404: the same bytes, the same headers."""
    assert found
    seen = {(each.status_code, each.content, str(sorted(each.headers.items()))) for each in found}
    return len(seen) == 1 and found[0].status_code == 404


NO_ID = "0190a5d0-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Bad:
    """One wrong request, and the field that the answer names."""

    path: str
    where: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def is_correction(answer: httpx.Response, *, where: str) -> bool:
    """Return whether this is a 422 that names *where* and repeats nothing of what was sent."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Birch" not in answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/invalid-input"
    assert all(set(each) == {"where", "what", "fix"} for each in problem["errors"])
    return where in {each["where"] for each in problem["errors"]}


async def check_answers(
    app: ServiceApp, route: Route, *, path: str | None = None
) -> list[httpx.Response]:
    """Everybody is answered as the table says, refused in the same bytes, and audited once.

    Who comes too late (409) changes nothing and leaves no entry.
    """
    before = len(await app.audited())
    found = await answers(app, route, path=path)
    answered = {who: answer.status_code for who, answer in found.items()}
    assert answered == {who: route.answered.get(who, 404) for who in matrix.EVERYBODY}
    audited = [(row[0], row[3]) for row in (await app.audited())[before:]]
    outcome = {each: "denied" if each == 404 else "allowed" for each in answered.values()}
    assert audited == [(who, outcome[status]) for who, status in answered.items() if status != 409]
    refused = [each for each in found.values() if each.status_code == 404]
    assert not refused or same_refusal(refused)
    return [*refused, *await check_conditions(app, route, path=path, answered=answered)]


async def check_conditions(
    app: ServiceApp, route: Route, *, path: str | None, answered: Mapping[str, int]
) -> list[httpx.Response]:
    """Whoever is answered is refused under each condition of the matrix; return what was not found.

    Nothing changes by that, also if what was asked for has been done meanwhile.
    """
    path = path or route.path
    row = matrix.Row(app.service, path, matrix.names_a_record(path, route.body))
    refused = []
    for who in (each for each, status in answered.items() if status < 400):
        headers = {"Handoff-Purpose": route.purpose}
        if "-" not in who:
            headers["Handoff-Programme"] = "alder-county"
        for condition in matrix.conditions_of(row, who):
            claims = matrix.claims_of(who) | dict(condition.changed(ACCOUNTS[who].actor))
            asked = path.replace("{new}", str(uuid7()))
            found = await app.as_forged(**claims).ask(
                route.method, asked, json=route.body, headers=headers
            )
            assert found.status_code == condition.answered, (str(route), who, condition.name)
            refused += [found] if condition.answered == 404 else []
    return refused


async def check_missing(
    app: ServiceApp, route: Route, *, missing: str, refused: list[httpx.Response]
) -> None:
    """What does not exist is answered to everybody as what is forbidden was."""
    found = await answers(app, route, path=missing)

    assert same_refusal([*found.values(), *refused])


async def check_token_needed(app: ServiceApp, route: Route, *, path: str | None = None) -> None:
    asking = app.as_(None, purpose=route.purpose)
    answer = await asking.ask(route.method, path or route.path, json=route.body)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), route
    assert await app.audited() == []


async def check_purpose_refused(app: ServiceApp, route: Route, *, purpose: str) -> None:
    for who in matrix.EVERYBODY:
        answer = await app.as_(who, purpose=purpose).ask(route.method, route.path, json=route.body)
        found = (answer.status_code, answer.json()["type"])
        refused = (400, "/problems/header-refused")
        kept_out = (404, "/problems/not-found")
        assert found == (kept_out if matrix.stays_outside(app.service, who) else refused), (
            route,
            purpose,
            who,
        )
