"""The way of every request: token, purpose, policy, audit row, commit, and only then an answer."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from shared import clock
from shared.audit import log
from shared.db.session import Sessions
from shared.http import access, door, middleware, problems
from shared.http.access import Denied, Resource, SessionDep, acting, permit
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from shared.http.limits import Limits
from shared.policy.actor import Caller, Purpose
from shared.policy.engine import Policy
from tests.identity import ISSUER, LocalProvider
from tests.servers import Database, connected

REFERRER = "officer-hemlock"
TABLES = (
    "CREATE TABLE pear (id text UNIQUE DEFERRABLE INITIALLY DEFERRED, referred_by text NOT NULL)",
    "INSERT INTO pear VALUES ('ripe', 'officer-hemlock')",
)

READ = acting("read_referral", Purpose.REFERRAL, Purpose.CARE_COORDINATION)
Reading = Annotated[Caller, Depends(READ)]
Creating = Annotated[Caller, Depends(acting("create_referral", Purpose.REFERRAL))]
Fetching = Annotated[Caller, Depends(acting("read_identity_packet", Purpose.SERVICE_DELIVERY))]


def make_app(sessions: Sessions, provider: LocalProvider) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    access.install(app)
    middleware.install(app, door=door.Door)
    limits = Limits(sessions, hash_key=b"k" * 32)
    door.install(app, limits, requests_per_minute=10_000, unknown_per_minute=10_000)
    app.state.service = "referral"
    app.state.sessions = sessions
    app.state.verifier = TokenVerifier(
        issuer=ISSUER, audience=audience_of("referral"), transport=provider
    )
    app.state.policy = Policy.load()

    @app.get("/pears/{pear}")
    async def get_pear(pear: str, caller: Reading, session: SessionDep) -> dict[str, str | None]:
        found = await session.scalar(
            text("SELECT referred_by FROM pear WHERE id = :id"), {"id": pear}
        )
        if found is None:
            raise Denied.missing("read_referral", kind="Referral", id=pear)
        attrs = {"referred_by": found}
        permit(session, caller, "read_referral", of(caller, pear, attrs))
        return await scope_of(session)

    @app.post("/pears/{pear}")
    async def post_pear(pear: str, caller: Creating, session: SessionDep) -> dict[str, str]:
        await add(session, pear)
        permit(session, caller, "create_referral", of(caller, pear))
        return {"pear": pear}

    @app.get("/packets")
    async def get_packet(caller: Fetching, session: SessionDep) -> dict[str, str | None]:
        permit(session, caller, "read_identity_packet", of(caller, "packet"))
        return await scope_of(session)

    add_faulty_routes(app)
    return app


def add_faulty_routes(app: FastAPI) -> None:
    @app.post("/forgotten")
    async def post_forgotten(_: Creating, session: SessionDep) -> None:
        await add(session, "forgotten")

    @app.post("/strayed")
    async def post_strayed(caller: Creating, session: SessionDep) -> None:
        await add(session, "strayed")
        permit(session, caller, "read_referral", of(caller, "strayed"))

    @app.post("/nobody")
    async def post_nobody(session: SessionDep) -> None:
        await add(session, "nobody")


def of(caller: Caller, name: str, attrs: dict[str, str] | None = None) -> Resource:
    return Resource("Referral", name, caller.actor.programme_id, attrs or {})


async def add(session: AsyncSession, pear: str) -> None:
    await session.execute(text("INSERT INTO pear VALUES (:id, 'officer-hemlock')"), {"id": pear})


async def scope_of(session: AsyncSession) -> dict[str, str | None]:
    return {
        name: await session.scalar(text(f"SELECT current_setting('app.{name}')"))
        for name in ("programme_id", "actor_id")
    }


class World:
    """The application with its database and provider, asked as one of the staff."""

    def __init__(self, app: FastAPI, provider: LocalProvider, database: Database) -> None:
        self.provider = provider
        self.database = database
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://referral.example.org")

    async def ask(
        self, method: str, path: str, *, who: str = REFERRER, **headers: str
    ) -> httpx.Response:
        stated = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {await self.provider.token(who, service='referral')}"}
        return await self.http.request(method, path, headers=bearer | stated)

    async def rows(self, statement: str) -> list[tuple[str, ...]]:
        async with connected(self.database.url("referral", "owner")) as connection:
            return [tuple(row) for row in await connection.execute(text(statement))]

    async def audited(self) -> list[tuple[str, ...]]:
        return await self.rows(
            "SELECT actor_id, action, resource_id, outcome, reason FROM audit_entry ORDER BY id"
        )

    async def break_audit(self) -> None:
        async with connected(self.database.url("referral", "owner")) as connection:
            await connection.execute(text("REVOKE INSERT ON audit_entry FROM referral_app"))


@pytest.fixture
async def world(empty_database: Database, tmp_path: Path) -> AsyncIterator[World]:
    tables = MetaData(schema="referral")
    log.define(tables)
    async with connected(empty_database.url("referral", "owner")) as connection:
        await connection.execute(text(clock.PRODUCTION.format(schema="referral")))
        await connection.run_sync(tables.create_all)
        for statement in TABLES:
            await connection.execute(text(statement))
    # One connection: whatever needed a second one at the same time would wait in vain.
    engine = create_async_engine(
        empty_database.url("referral"), pool_size=1, max_overflow=0, pool_timeout=2
    )
    sessions, provider = Sessions(engine), LocalProvider(tmp_path)
    made = World(make_app(sessions, provider), provider, empty_database)
    yield made
    await made.http.aclose()
    await sessions.close()


async def test_what_is_allowed_is_answered_and_audited(world: World) -> None:
    answer = await world.ask("GET", "/pears/ripe")
    assert answer.status_code == 200
    assert answer.json() == {"programme_id": "alder-county", "actor_id": REFERRER}
    assert await world.audited() == [
        (REFERRER, "read_referral", "ripe", "allowed", "referrer_reads_own_referral")
    ]


async def test_forbidden_and_missing_are_the_same_bytes_and_both_are_audited(world: World) -> None:
    same = {"who": "officer-sorrel", "X_Request_Id": "test-request"}
    forbidden = await world.ask("GET", "/pears/ripe", **same)
    missing = await world.ask("GET", "/pears/none", **same)
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content
    assert forbidden.headers == missing.headers
    assert await world.audited() == [
        ("officer-sorrel", "read_referral", "ripe", "denied", "no_policy_allows"),
        ("officer-sorrel", "read_referral", "none", "denied", "no_such_record"),
    ]


async def test_what_a_denied_request_wrote_is_undone_and_the_denial_stays(world: World) -> None:
    answer = await world.ask("POST", "/pears/unripe", who="operator-spruce")
    assert answer.status_code == 404
    assert await world.rows("SELECT id FROM pear") == [("ripe",)]
    assert [row[3] for row in await world.audited()] == ["denied"]


@pytest.mark.parametrize("path", ["/pears/ripe", "/pears/none"])
async def test_a_denial_that_cannot_be_audited_is_not_answered_as_one(
    world: World, path: str
) -> None:
    await world.break_audit()
    answer = await world.ask("GET", path, who="officer-sorrel")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"


async def test_what_is_allowed_but_cannot_be_audited_is_an_error(world: World) -> None:
    await world.break_audit()
    assert (await world.ask("GET", "/pears/ripe")).status_code >= 500


async def test_a_commit_that_fails_is_never_a_success(world: World) -> None:
    assert (await world.ask("POST", "/pears/new")).status_code == 200
    again = await world.ask("POST", "/pears/new")  # the constraint is checked at commit
    assert again.status_code == 500
    assert again.headers["Content-Type"] == "application/problem+json"
    assert len(await world.audited()) == 1


async def test_a_route_that_never_asked_the_policy_answers_nothing_and_writes_nothing(
    world: World,
) -> None:
    assert (await world.ask("POST", "/forgotten")).status_code == 500
    assert await world.rows("SELECT id FROM pear") == [("ripe",)]


async def test_a_route_that_asks_the_policy_for_what_it_does_not_state_writes_nothing(
    world: World,
) -> None:
    assert (await world.ask("POST", "/strayed")).status_code == 500
    assert await world.rows("SELECT id FROM pear") == [("ripe",)]


async def test_a_route_that_states_no_actor_gets_no_session(world: World) -> None:
    assert (await world.ask("POST", "/nobody")).status_code == 500
    assert await world.rows("SELECT id FROM pear") == [("ripe",)]


@pytest.mark.parametrize("value", [None, "Bearer", "Bearer x.y.z", "Basic b2ZmaWNlcjp4"])
async def test_without_a_valid_token_nothing_else_is_looked_at(
    world: World, value: str | None
) -> None:
    headers = {"Authorization": value} if value else {}
    answer = await world.http.get("/pears/ripe", headers={"Handoff-Purpose": "nonsense"} | headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert await world.audited() == []


async def test_the_purpose_is_the_stated_one_or_the_routes_first(world: World) -> None:
    await world.ask("GET", "/pears/ripe", who="peer-willow")
    await world.ask("GET", "/pears/ripe", who="peer-willow", Handoff_Purpose="care_coordination")
    purposes = await world.rows("SELECT purpose, outcome FROM audit_entry ORDER BY id")
    assert purposes == [("referral", "allowed"), ("care_coordination", "allowed")]


@pytest.mark.parametrize("purpose", ["operations", "nonsense", ""])
async def test_a_purpose_that_the_route_does_not_serve_is_refused(
    world: World, purpose: str
) -> None:
    answer = await world.ask("GET", "/pears/ripe", Handoff_Purpose=purpose)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/header-refused")


async def test_a_service_acts_for_the_programme_it_names(world: World) -> None:
    answer = await world.ask("GET", "/packets", who="casework", Handoff_Programme="birch-county")
    assert answer.json() == {"programme_id": "birch-county", "actor_id": "casework"}


@pytest.mark.parametrize("headers", [{}, {"Handoff_Programme": "*"}])
async def test_a_service_that_names_no_programme_acts_for_none(
    world: World, headers: dict[str, str]
) -> None:
    answer = await world.ask("GET", "/packets", who="casework", **headers)
    assert answer.json() == {"programme_id": "*", "actor_id": "casework"}


async def test_a_person_cannot_choose_another_programme(world: World) -> None:
    answer = await world.ask("GET", "/pears/ripe", Handoff_Programme="birch-county")
    assert answer.json()["programme_id"] == "alder-county"


@pytest.mark.parametrize("programme", ["", "a b", "Alder", "x" * 101, "alder';--"])
async def test_a_programme_that_is_no_name_is_refused(world: World, programme: str) -> None:
    answer = await world.ask("GET", "/packets", who="casework", Handoff_Programme=programme)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/header-refused")


def test_a_route_says_what_it_does_and_why() -> None:
    assert READ.actions == ("read_referral",)
    assert READ.purposes == (Purpose.REFERRAL, Purpose.CARE_COORDINATION)
    with pytest.raises(ValueError, match="at least one purpose"):
        acting("read_referral")


async def test_a_route_that_states_nobody_still_wants_a_token(world: World) -> None:
    answer = await world.http.post("/nobody")

    assert answer.status_code == 401
