"""The fixtures themselves: databases that never meet, a clock that moves, a broker wiped clean."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import nats
import pytest
from sqlalchemy import text

from shared.clock import app_now
from shared.db import roles
from tests.conftest import SessionsFor
from tests.servers import Clock, Database, Databases, Nats, connected, plain


async def test_what_one_clone_commits_no_other_sees(databases: Databases) -> None:
    mine, yours = databases.clone(), databases.clone()
    add = text("INSERT INTO inbox (consumer, event_id) VALUES ('x', gen_random_uuid())")
    try:
        async with connected(mine.url("referral")) as connection:
            await connection.execute(add)
        async with connected(yours.url("referral")) as connection:
            assert await connection.scalar(text("SELECT count(*) FROM inbox")) == 0
    finally:
        databases.drop(mine)
        databases.drop(yours)


async def test_a_database_is_dropped_under_an_open_connection(databases: Databases) -> None:
    database = databases.clone()
    connection = await asyncpg.connect(plain(database.url("notify")))

    databases.drop(database)

    with pytest.raises(asyncpg.PostgresConnectionError, match="administrator command"):
        await connection.execute("SELECT 1")
    connection.terminate()


async def test_the_clock_moves_for_every_service_at_once(
    sessions_for: SessionsFor, clock: Clock
) -> None:
    await clock.move(timedelta(days=30))
    await clock.move(timedelta(minutes=15))

    for each in roles.SERVICES:
        async with sessions_for(each.service).begin() as session:
            real = (await session.execute(text("SELECT now()"))).scalar_one()
            assert await app_now(session) - real == timedelta(days=30, minutes=15)


async def test_a_wiped_broker_has_no_stream(clean_nats: Nats) -> None:
    client = await nats.connect(clean_nats.url("administrator"))
    try:
        await client.jetstream().add_stream(name="LEAF", subjects=["leaf.>"])
        await clean_nats.wipe()
        assert await client.jetstream().streams_info() == []
    finally:
        await client.close()


async def test_a_broker_of_ones_own_can_be_stopped_and_started(
    new_nats: Callable[[], Nats],
) -> None:
    mine = new_nats()
    mine.server.stop()
    mine.server.start()

    client = await nats.connect(mine.url("casework"))
    await client.close()


async def test_roles_log_in_with_passwords_that_need_quoting(database: Database) -> None:
    for each in roles.SERVICES:
        for role in roles.KINDS:
            async with connected(database.url(each.service, role)) as connection:
                user = await connection.scalar(text("SELECT current_user"))
                assert user == f"{each.service}_{role}"
