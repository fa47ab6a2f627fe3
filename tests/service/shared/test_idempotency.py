import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from shared.db.session import Sessions
from shared.http.idempotency import TABLE, Claim, claim_write, fingerprint, sweep
from tests.conftest import SessionsFor
from tests.servers import Clock
from tests.system.until import until

HASH_KEY = b"k" * 32
MADE = uuid7()
WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


async def claim(
    session: AsyncSession,
    content: bytes = b"the same",
    *,
    actor_id: str = "officer-hemlock",
    made: UUID = MADE,
) -> Claim:
    return await claim_write(
        session,
        key="made-up-key",
        actor_id=actor_id,
        fingerprint=fingerprint(HASH_KEY, content),
        resource_id=made,
    )


async def claimed(sessions: Sessions, content: bytes = b"the same") -> Claim:
    async with sessions.begin() as session:
        return await claim(session, content)


async def test_the_first_write_is_fresh_and_the_same_again_is_a_replay(
    sessions_for: SessionsFor,
) -> None:
    sessions = sessions_for("referral")

    assert [await claimed(sessions) for _ in range(3)] == [
        Claim.FRESH,
        Claim.REPLAY,
        Claim.REPLAY,
    ]


async def test_something_else_under_the_same_key_is_a_mismatch(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    await claimed(sessions)

    async with sessions.begin() as session:
        assert await claim(session, b"something else") is Claim.MISMATCH
        assert await claim(session, made=uuid7()) is Claim.MISMATCH


async def test_another_actor_learns_nothing_from_the_key(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    await claimed(sessions)

    async with sessions.begin() as session:
        assert await claim(session, actor_id="officer-sorrel") is Claim.FRESH


async def test_a_write_that_is_rolled_back_has_claimed_nothing(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    async with sessions.begin() as session:
        await claim(session)
        await session.rollback()

    assert await claimed(sessions) is Claim.FRESH


async def test_a_concurrent_duplicate_waits_and_is_a_replay(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    async with sessions.begin() as first:
        assert await claim(first) is Claim.FRESH
        second = asyncio.create_task(claimed(sessions))
        await until(lambda: first.scalar(WAITING), what="waiting for the first")
        assert not second.done()

    assert await second is Claim.REPLAY


async def test_of_many_at_once_exactly_one_is_fresh(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")

    claims = await asyncio.gather(*(claimed(sessions) for _ in range(8)))

    assert sorted(claims, key=lambda each: each.value) == [Claim.FRESH, *[Claim.REPLAY] * 7]


async def test_after_seven_days_the_key_is_free_again(
    sessions_for: SessionsFor, clock: Clock
) -> None:
    sessions = sessions_for("referral")
    await claimed(sessions)

    await clock.move(timedelta(days=7) - timedelta(minutes=1))
    assert await claimed(sessions, b"something else") is Claim.MISMATCH

    await clock.move(timedelta(minutes=2))
    assert await claimed(sessions, b"something else") is Claim.FRESH
    assert await claimed(sessions, b"something else") is Claim.REPLAY


async def test_sweeping_removes_what_has_expired(sessions_for: SessionsFor, clock: Clock) -> None:
    sessions = sessions_for("referral")
    await claimed(sessions)
    async with sessions.begin() as session:
        assert await sweep(session) == 0

    await clock.move(timedelta(days=8))

    async with sessions.begin() as session:
        assert await sweep(session) == 1


async def test_nothing_that_was_sent_is_kept(sessions_for: SessionsFor) -> None:
    sessions = sessions_for("referral")
    await claimed(sessions, b"Test Participant Birch")

    async with sessions.begin() as session:
        row = (await session.execute(select(TABLE))).one()
    assert len(row.fingerprint) == 32
    assert b"Birch" not in repr(tuple(row)).encode()


def test_a_fingerprint_depends_on_the_key() -> None:
    assert fingerprint(HASH_KEY, b"x") != fingerprint(b"l" * 32, b"x")
