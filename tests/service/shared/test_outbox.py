"""From outbox to journal, on a real database and without a broker."""

import pytest
from sqlalchemy import select, text

from shared.db.session import Sessions
from shared.db.writes import write
from shared.messaging import outbox
from shared.messaging.journal import read_page
from shared.messaging.relay import AT_MOST, LEAD, number
from shared.messaging.tables import TABLES
from tests.builders import a_referral_created
from tests.conftest import SessionsFor


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("referral")


async def numbered(sessions: Sessions) -> int:
    async with sessions.engine.connect() as connection:
        leader = await connection.execution_options(isolation_level="AUTOCOMMIT")
        return len(await number(leader))


async def positions(sessions: Sessions) -> dict[str, int]:
    async with sessions.begin() as session:
        page = await read_page(session, after=0)
    return {entry.event["id"]: entry.position for entry in page.entries}


async def test_an_event_is_told_if_and_only_if_its_transaction_commits(sessions: Sessions) -> None:
    kept, lost = a_referral_created(), a_referral_created()

    async with sessions.begin() as session:
        outbox.add(session, kept)
    async with sessions.begin() as session:
        outbox.add(session, lost)
        await write(session)
        await session.rollback()

    await numbered(sessions)
    assert await positions(sessions) == {str(kept.event_id): 1}


async def test_a_commit_that_comes_late_gets_a_later_place_and_leaves_no_gap(
    sessions: Sessions,
) -> None:
    late, early = a_referral_created(), a_referral_created()

    async with sessions.begin() as slow:
        outbox.add(slow, late)
        await write(slow)  # takes the lower outbox id
        async with sessions.begin() as fast:
            outbox.add(fast, early)
        await numbered(sessions)
        assert await positions(sessions) == {str(early.event_id): 1}
    await numbered(sessions)

    assert await positions(sessions) == {str(early.event_id): 1, str(late.event_id): 2}


async def test_more_events_than_a_batch_keep_their_order_and_have_no_gap(
    sessions: Sessions,
) -> None:
    events = [a_referral_created() for _ in range(AT_MOST + 20)]
    async with sessions.begin() as session:
        for event in events:
            outbox.add(session, event)

    assert await numbered(sessions) == AT_MOST
    assert await numbered(sessions) == 20
    assert await numbered(sessions) == 0

    async with sessions.begin() as session:
        rows = await session.execute(
            select(TABLES.journal.c.position, TABLES.journal.c.event_id).order_by("position")
        )
        assert [tuple(row) for row in rows] == [
            (place, event.event_id) for place, event in enumerate(events, start=1)
        ]


async def test_only_one_relay_leads_until_its_connection_ends(sessions: Sessions) -> None:
    async with sessions.engine.connect() as first, sessions.engine.connect() as second:
        assert (await first.execute(LEAD)).scalar_one() is True
        assert (await second.execute(LEAD)).scalar_one() is False
        await second.rollback()

        await first.invalidate()

        async with sessions.engine.connect() as third:
            pid = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            while (await third.execute(pid)).scalar_one():
                await third.rollback()
            assert (await third.execute(LEAD)).scalar_one() is True
            await third.invalidate()


async def test_a_journal_page_begins_after_a_position_and_tells_where_the_journal_ends(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        for _ in range(5):
            outbox.add(session, a_referral_created())
    await numbered(sessions)

    async with sessions.begin() as session:
        page = await read_page(session, after=2, limit=2)

    assert [entry.position for entry in page.entries] == [3, 4]
    assert page.head == 5


async def test_a_commit_with_events_wakes_the_relay_and_one_without_does_not(
    sessions: Sessions,
) -> None:
    woken: list[str] = []
    sessions.on("events", lambda: woken.append("woken"))

    async with sessions.begin() as session:
        await session.execute(text("SELECT 1"))
    assert woken == []

    async with sessions.begin() as session:
        outbox.add(session, a_referral_created())
    assert woken == ["woken"]
