"""What the pool does about a server that went away without a word."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from shared.db.session import Sessions, connect
from tests.conftest import SessionsFor

POOL = 3


@pytest.fixture
async def impatient(
    sessions_for: SessionsFor, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Sessions]:
    """Sessions for which a server that says nothing for half a second is away."""
    monkeypatch.setattr("shared.db.session.AWAY_SECONDS", 0.5)
    url = sessions_for("casework").engine.url.render_as_string(hide_password=False)
    sessions = connect(url, pool_size=POOL)
    yield sessions
    await sessions.close()


async def backends(sessions: Sessions) -> set[int]:
    """Use all connections of the pool at once; return which servers' processes answered."""
    all_open = asyncio.Barrier(POOL)

    async def one() -> int:
        async with sessions.begin() as session:
            pid: int = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await all_open.wait()
            return pid

    return set(await asyncio.gather(*(one() for _ in range(POOL))))


async def test_after_one_silence_no_connection_of_that_time_is_used_again(
    impatient: Sessions,
) -> None:
    before = await backends(impatient)

    with pytest.raises(TimeoutError):
        async with impatient.begin() as session:
            await session.execute(text("SELECT pg_sleep(1.5)"))

    assert before.isdisjoint(await backends(impatient))
