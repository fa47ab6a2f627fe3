"""Who accepts a handoff: one does, and of accepting and calling on exactly one wins each move."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from services.referral.domain.handoff import HandoffState
from services.referral.domain.ladder import DEFAULT_LADDER
from services.referral.store import handoffs
from services.referral.use_cases.call_team import rung_is_over
from shared.clock import app_now
from shared.db.session import Scope
from shared.messaging.timers import Timer
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    ACCEPTED,
    ESCALATED,
    HANDOFFS,
    OFFERED,
    accept,
    due_at,
    fire,
    made,
    read,
    the_handoff,
    told,
)
from tests.system.until import until

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
TEAM = ("coordinator-juniper", "manager-fern", "peer-willow")
FIRST_WAIT = DEFAULT_LADDER[0].wait


async def test_the_first_who_accepts_has_it_and_is_told_the_same_again(app: ServiceApp) -> None:
    referral_id = await made(app)

    first = await accept(app, referral_id, who="peer-willow")
    again = await accept(app, referral_id, who="peer-willow")

    assert first.status_code == 200
    assert (first.content, str(first.headers)) == (again.content, str(again.headers))
    found = first.json()
    assert (found["state"], found["accepted_by"]) == ("accepted", "peer-willow")
    assert found["referral_id"] == str(referral_id)
    assert [(each[0], each[2]) for each in await told(app, ACCEPTED)] == [(ACCEPTED, 3)]
    assert await the_handoff(app) == ("accepted", 3, "peer-willow")


async def test_who_comes_second_is_told_that_somebody_is_on_it_and_not_who(app: ServiceApp) -> None:
    referral_id = await made(app)
    await accept(app, referral_id, who="peer-willow")

    second = await accept(app, referral_id, who="manager-fern")

    assert (second.status_code, second.json()["type"]) == (409, "/problems/handoff-taken")
    assert "willow" not in second.text
    assert await the_handoff(app) == ("accepted", 3, "peer-willow")
    assert len(await told(app, ACCEPTED)) == 1


async def test_the_team_of_another_programme_accepts_nothing_here(app: ServiceApp) -> None:
    referral_id = await made(app)

    assert (await accept(app, referral_id, who="manager-cedar")).status_code == 404
    assert await the_handoff(app) == ("offered", 2, None)


async def test_many_at_once_make_one_acceptance(app: ServiceApp) -> None:
    referral_id = await made(app)

    found = await asyncio.gather(*(accept(app, referral_id, who=who) for who in TEAM * 4))

    assert sorted(each.status_code for each in found) == [200] * 4 + [409] * 8
    assert len({each.content for each in found if each.status_code == 200}) == 1
    assert len(await told(app, ACCEPTED)) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_of_accepting_and_calling_at_once_each_move_happens_once_and_in_order(
    app: ServiceApp, clock: Clock, seed: int
) -> None:
    referrals = [await made(app) for _ in range(6)]
    await clock.move(FIRST_WAIT)
    tries = [accept(app, each, who=who) for each in referrals for who in TEAM]
    runs = [fire(app) for _ in range(4)]
    everything = [*tries, *runs]
    Random(seed).shuffle(everything)  # noqa: S311 - an order, not a secret

    await asyncio.gather(*everything)
    await fire(app)

    moves: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for subject, aggregate_id, version in await told(app):
        moves[aggregate_id].append((subject, version))
    handoffs = await app.rows(HANDOFFS)
    assert len(handoffs) == len(referrals)
    for handoff_id, _, state, version, accepted_by in handoffs:
        assert moves[handoff_id][2:] in (
            [(ACCEPTED, 3)],
            [(ESCALATED, 3), (OFFERED, 4), (ACCEPTED, 5)],
        )
        assert (state, version) == ("accepted", moves[handoff_id][-1][1])
        assert accepted_by in TEAM
    await clock.move(timedelta(hours=1))
    await fire(app)
    assert await due_at(app) == []


async def test_who_accepts_while_the_next_are_called_waits_and_has_it_after_that(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    await clock.move(FIRST_WAIT)
    [timer] = await timers(app)

    async with app.sessions.begin(Scope(timer.programme_id, "test")) as session:
        await rung_is_over(session, timer)
        accepting = asyncio.create_task(accept(app, referral_id, who="peer-willow"))
        await until(lambda: somebody_waits(app), what="the acceptance waits")

    assert (await accepting).status_code == 200
    found = [(subject, version) for subject, _, version in await told(app)][4:]
    assert found == [(ESCALATED, 3), (OFFERED, 4), (ACCEPTED, 5)]


async def test_a_call_that_waits_for_somebody_who_accepts_calls_nobody(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    await clock.move(FIRST_WAIT)
    [timer] = await timers(app)

    async with app.sessions.begin(Scope(timer.programme_id, "test")) as session:
        now = await app_now(session)
        accepted = await handoffs.move(
            session,
            timer.aggregate_id,
            to=HandoffState.ACCEPTED,
            now=now,
            accepted_by="peer-willow",
            accepted_at=now,
        )
        assert accepted is not None
        firing = asyncio.create_task(fire(app))
        await until(lambda: somebody_waits(app), what="the call waits")

    assert await firing == 1
    assert await told(app, ESCALATED) == []
    assert (await read(app, referral_id)).json()["status"] == "accepted"


async def timers(app: ServiceApp) -> list[Timer]:
    rows = await app.rows("SELECT kind, aggregate_id, programme_id, due_at, payload FROM timer")
    return [Timer(*row) for row in rows]


async def somebody_waits(app: ServiceApp) -> bool:
    return bool(await app.rows(WAITING))
