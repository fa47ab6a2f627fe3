"""Who asks too often waits; replicas count together; an outage of the counting stops nobody."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.db.session import connect
from shared.http.limits import Counted, Limits, TooMany, sweep
from tests.identity import LocalProvider
from tests.servers import Database, connected
from tests.service.apps import ServiceApp, running_app

KEY = b"k" * 32
AT_MOST = 8


class Now:
    """A clock that stands until it is moved, at the beginning of a minute."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def replicas(database: Database) -> AsyncIterator[tuple[Limits, Limits, Now]]:
    now = Now()
    async with AsyncExitStack() as stack:
        both = []
        for _ in range(2):
            sessions = connect(database.url("referral"))
            stack.push_async_callback(sessions.close)
            both.append(Limits(sessions, hash_key=KEY, clock=now))
        yield both[0], both[1], now


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> AsyncIterator[ServiceApp]:
    async with running_app("casework", database, LocalProvider(tmp_path)) as app:
        yield app


async def counted(limits: Limits, who: str, *, at_most: int = AT_MOST) -> int:
    """Return how often somebody may ask, trying three times as often as they may."""
    let_through = 0
    for _ in range(3 * at_most):
        try:
            await limits.count(Counted.REQUESTS, who, at_most=at_most)
        except TooMany:
            continue
        let_through += 1
    return let_through


async def test_who_asks_too_often_waits_for_the_next_minute(
    replicas: tuple[Limits, Limits, Now],
) -> None:
    here, _, now = replicas
    assert await counted(here, "peer-willow") == AT_MOST
    assert await counted(here, "peer-rowan") == AT_MOST, "each for themselves"

    now.seconds += 47.5
    with pytest.raises(TooMany) as refused:
        await here.count(Counted.REQUESTS, "peer-willow", at_most=AT_MOST)
    assert refused.value.response().headers["Retry-After"] == "13"

    now.seconds += 12.5
    assert await counted(here, "peer-willow") == AT_MOST


async def test_what_is_asked_of_one_replica_counts_at_the_other(
    replicas: tuple[Limits, Limits, Now],
) -> None:
    here, there, _ = replicas
    assert await counted(here, "peer-willow") == AT_MOST

    # What it lets through by its own count alone, and not one more.
    assert await counted(there, "peer-willow") == AT_MOST // 4


async def test_what_is_counted_of_one_kind_is_not_counted_of_another(
    replicas: tuple[Limits, Limits, Now],
) -> None:
    here, _, _ = replicas
    await counted(here, "198.51.100.7")
    await here.count(Counted.UNKNOWN, "198.51.100.7", at_most=AT_MOST)


async def test_the_shared_counts_name_nobody_and_are_forgotten(
    replicas: tuple[Limits, Limits, Now], database: Database
) -> None:
    here, _, _ = replicas
    await counted(here, "peer-willow")
    async with connected(database.url("referral", "owner")) as connection:
        rows = [str(tuple(row)) for row in await connection.execute(text("TABLE request_count"))]
        await connection.execute(text("UPDATE request_count SET minute = 1"))
    assert len(rows) == 1
    assert "willow" not in rows[0]

    sessions = connect(database.url("referral"))
    async with sessions.begin() as session:
        assert await sweep(session) == 1
    await sessions.close()


async def test_counts_of_this_minute_are_kept(database: Database) -> None:
    sessions = connect(database.url("referral"))
    await counted(Limits(sessions, hash_key=KEY), "peer-willow")
    async with sessions.begin() as session:
        assert await sweep(session) == 0
    await sessions.close()


async def test_while_the_database_is_away_each_process_goes_by_its_own_count() -> None:
    nowhere = connect("postgresql+asyncpg://nobody:made-up@127.0.0.1:9/handoff")
    limits = Limits(nowhere, hash_key=KEY, clock=Now())

    assert await counted(limits, "peer-willow") == AT_MOST


async def test_a_person_who_asks_too_often_reads_and_leaves_nothing(app: ServiceApp) -> None:
    app.app.state.limits = Limits(app.sessions, hash_key=KEY, clock=Now())
    app.app.state.requests_per_minute = 3
    peer = app.as_("peer-willow")

    answers = [await peer.get("/intakes") for _ in range(5)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json()["type"] == "/problems/too-many-requests"
    assert len(await app.audited()) == 3
    assert (await app.as_("manager-fern").get("/intakes")).status_code == 200


async def test_denials_count_too_so_nobody_floods_the_audit_log(app: ServiceApp) -> None:
    app.app.state.limits = Limits(app.sessions, hash_key=KEY, clock=Now())
    app.app.state.requests_per_minute = 3
    officer = app.as_("officer-hemlock")

    answers = [await officer.get("/intakes") for _ in range(5)]

    assert [each.status_code for each in answers] == [404, 404, 404, 429, 429]
    assert len(await app.audited()) == 3


async def test_our_own_services_may_ask_as_often_as_they_need(app: ServiceApp) -> None:
    app.app.state.requests_per_minute = 3
    notify = app.as_("notify", purpose="operations", programme="alder-county")

    answers = [await notify.get("/codes") for _ in range(6)]

    assert {each.status_code for each in answers} == {200}


async def test_guessing_tokens_from_one_address_ends_and_keeps_nobody_else_out(
    app: ServiceApp,
) -> None:
    app.app.state.limits = Limits(app.sessions, hash_key=KEY, clock=Now())
    app.app.state.unknown_per_minute = 3
    guess = {"Authorization": "Bearer made-up"}

    answers = [await app.as_(None).get("/intakes", headers=guess) for _ in range(5)]

    assert [each.status_code for each in answers] == [401, 401, 401, 429, 429]
    assert (await app.as_("peer-willow").get("/intakes")).status_code == 200
