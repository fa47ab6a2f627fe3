"""Few connections serve many programmes at once, and nothing of one is left for the next."""

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from shared.db.session import SET_SCOPE, Scope, Sessions, connect
from tests.service.apps import NO_ID, ServiceApp
from tests.service.casework.intakes import arrived

PROGRAMMES = tuple(f"{name}-county" for name in ("alder", "birch", "cedar", "elm", "fir"))
EACH = 4
REQUESTS = 1000
CONNECTIONS = 5
LEFT = "SELECT current_setting('app.programme_id', true), current_setting('app.actor_id', true)"


@pytest.fixture
async def few(app: ServiceApp) -> AsyncIterator[ServiceApp]:
    """The application with as few connections as a pooler would lend it."""
    whole, url = app.sessions, app.database.url("casework")
    app.app.state.sessions = connect(url, pool_size=CONNECTIONS, wait_seconds=120)
    all_there = asyncio.Barrier(CONNECTIONS)  # a thousand at once would be too busy to log in

    async def log_in() -> None:
        async with app.sessions.begin() as session:
            await session.execute(text("SELECT 1"))
            await all_there.wait()

    await asyncio.gather(*(log_in() for _ in range(CONNECTIONS)))
    yield app
    await app.sessions.close()
    app.app.state.sessions = whole


async def known(app: ServiceApp) -> dict[str, set[str]]:
    """Have some referrals arrive in each programme; return their ids."""
    return {
        programme: {
            str((await arrived(app, programme_id=programme, aggregate_id=uuid7())).referral_id)
            for _ in range(EACH)
        }
        for programme in PROGRAMMES
    }


def coordinator(app: ServiceApp, programme: str) -> Any:
    return app.as_forged(
        sub=f"coordinator-{programme}",
        programme=programme,
        function="care",
        roles=["coordinator"],
    )


async def test_a_thousand_requests_at_once_see_their_own_programme_and_no_other(
    few: ServiceApp,
) -> None:
    theirs = await known(few)
    chance = Random(5)  # noqa: S311 - any will do
    asking = {programme: coordinator(few, programme) for programme in PROGRAMMES}

    async def ask() -> tuple[str, int, set[str]]:
        programme = chance.choice(PROGRAMMES)
        wish = chance.random()
        if wish < 0.1:  # ends in a rollback
            answer = await asking[programme].get(f"/intakes/{NO_ID}")
        elif wish < 0.3:  # somebody else's
            other = chance.choice([each for each in PROGRAMMES if each != programme])
            answer = await asking[programme].get(f"/intakes/{min(theirs[other])}")
        else:
            answer = await asking[programme].get("/intakes")
        items = answer.json().get("items", [])
        return programme, answer.status_code, {each["referral_id"] for each in items}

    found = await asyncio.gather(*(ask() for _ in range(REQUESTS)))

    assert {status for _, status, _ in found} == {200, 404}
    assert len(found) == REQUESTS
    for programme, status, ids in found:
        assert ids == (theirs[programme] if status == 200 else set())
    assert few.sessions.engine.pool.size() <= CONNECTIONS  # type: ignore[attr-defined]  # a QueuePool


async def commits(sessions: Sessions, scope: Scope) -> None:
    async with sessions.begin(scope) as session:
        await session.execute(text("SELECT 1"))


async def rolls_back(sessions: Sessions, scope: Scope) -> None:
    async with sessions.begin(scope) as session:
        await session.execute(text("SELECT 1"))
        await session.rollback()


async def fails(sessions: Sessions, scope: Scope) -> None:
    with pytest.raises(DBAPIError):
        async with sessions.begin(scope) as session:
            await session.execute(text("SELECT 1 / 0"))


async def is_cancelled(sessions: Sessions, scope: Scope) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async with sessions.begin(scope) as session:
            await session.execute(text("SELECT 1"))
            begun.set()
            await session.execute(text("SELECT pg_sleep(1.5)"))

    working = asyncio.create_task(work())
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def left_after(app: ServiceApp, end: Callable[[Sessions, Scope], Any]) -> list[str]:
    """Return what stands on the only connection after a transaction of alder-county has ended."""
    sessions = connect(app.database.url("casework"), pool_size=1)
    await end(sessions, Scope("alder-county", "coordinator-juniper"))
    async with sessions.begin() as session:
        left = (await session.execute(text(LEFT))).one()
    await sessions.close()
    return [each or "" for each in left]


@pytest.mark.parametrize("end", [commits, rolls_back, fails, is_cancelled])
async def test_no_scope_is_left_on_a_connection_however_a_transaction_ends(
    app: ServiceApp, end: Callable[[Sessions, Scope], Any]
) -> None:
    assert await left_after(app, end) == ["", ""]


async def test_a_scope_that_outlives_its_transaction_is_noticed(
    app: ServiceApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.session.SET_SCOPE", SET_SCOPE.replace("true", "false"))

    assert await left_after(app, commits) == ["alder-county", "coordinator-juniper"]
