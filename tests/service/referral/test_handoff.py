"""The live handoff: one accepts, time escalates, and of rivals exactly one wins each move."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from services.referral import store
from services.referral.domain.handoff import ACKNOWLEDGE_WITHIN
from services.referral.use_cases.escalate_handoff import escalate_handoff
from shared.clock import app_now
from shared.db.session import Scope
from shared.messaging.timers import Timer
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    ACCEPTED,
    ESCALATED,
    accept,
    due_at,
    fire,
    made,
    told,
)
from tests.system.until import until

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
TEAM = ("coordinator-juniper", "manager-fern", "peer-willow")
HANDOFFS = "SELECT id, referral_id, state, version, accepted_by FROM handoff"


async def the_handoff(app: ServiceApp) -> tuple[str, int, str | None]:
    [(_, _, state, version, accepted_by)] = await app.rows(HANDOFFS)
    return state, version, accepted_by


async def test_the_first_who_accepts_has_it_and_is_told_the_same_again(app: ServiceApp) -> None:
    referral_id = await made(app)

    first = await accept(app, referral_id, who="peer-willow")
    again = await accept(app, referral_id, who="peer-willow")

    assert first.status_code == 200
    assert (first.content, str(first.headers)) == (again.content, str(again.headers))
    found = first.json()
    assert (found["state"], found["accepted_by"]) == ("accepted", "peer-willow")
    assert found["referral_id"] == str(referral_id)
    assert [(each[0], each[2]) for each in await told(app, ACCEPTED)] == [(ACCEPTED, 2)]
    assert await the_handoff(app) == ("accepted", 2, "peer-willow")


async def test_who_comes_second_is_told_that_somebody_is_on_it_and_not_who(app: ServiceApp) -> None:
    referral_id = await made(app)
    await accept(app, referral_id, who="peer-willow")

    second = await accept(app, referral_id, who="manager-fern")

    assert (second.status_code, second.json()["type"]) == (409, "/problems/handoff-taken")
    assert "willow" not in second.text
    assert await the_handoff(app) == ("accepted", 2, "peer-willow")
    assert len(await told(app, ACCEPTED)) == 1


async def test_the_team_of_another_programme_accepts_nothing_here(app: ServiceApp) -> None:
    referral_id = await made(app)

    assert (await accept(app, referral_id, who="manager-cedar")).status_code == 404
    assert await the_handoff(app) == ("requested", 1, None)


async def test_many_at_once_make_one_acceptance(app: ServiceApp) -> None:
    referral_id = await made(app)

    found = await asyncio.gather(*(accept(app, referral_id, who=who) for who in TEAM * 4))

    assert sorted(each.status_code for each in found) == [200] * 4 + [409] * 8
    assert len({each.content for each in found if each.status_code == 200}) == 1
    assert len(await told(app, ACCEPTED)) == 1


async def test_nobody_is_called_before_fifteen_minutes_have_passed(
    app: ServiceApp, clock: Clock
) -> None:
    await made(app)

    await clock.move(ACKNOWLEDGE_WITHIN - timedelta(seconds=30))
    assert await fire(app) == 0
    assert await told(app, ESCALATED) == []

    await clock.move(timedelta(seconds=30))
    assert await fire(app) == 1
    assert [(each[0], each[2]) for each in await told(app, ESCALATED)] == [(ESCALATED, 2)]
    assert await the_handoff(app) == ("escalated", 2, None)


async def test_the_timer_is_set_for_fifteen_minutes_after_the_referral_was_received(
    app: ServiceApp,
) -> None:
    await made(app)

    [(received,)] = await app.rows("SELECT received_at FROM referral")
    assert await due_at(app) == [received + timedelta(minutes=15)]


async def test_nobody_is_called_when_somebody_has_accepted(app: ServiceApp, clock: Clock) -> None:
    await accept(app, await made(app), who="peer-willow")

    await clock.move(timedelta(minutes=16))
    await fire(app)

    assert await told(app, ESCALATED) == []
    assert await the_handoff(app) == ("accepted", 2, "peer-willow")
    assert await due_at(app) == [], "and the timer is gone"


async def test_many_schedulers_over_a_long_time_call_once(app: ServiceApp, clock: Clock) -> None:
    for _ in range(5):
        await made(app)

    await clock.move(ACKNOWLEDGE_WITHIN)
    await asyncio.gather(*(fire(app) for _ in range(6)))
    for _ in range(3):
        await clock.move(timedelta(hours=1))
        await fire(app)

    escalations = await told(app, ESCALATED)
    assert len(escalations) == len({each[1] for each in escalations}) == 5
    assert await due_at(app) == []


async def test_a_handoff_is_accepted_after_it_was_escalated(app: ServiceApp, clock: Clock) -> None:
    referral_id = await made(app)
    await clock.move(ACKNOWLEDGE_WITHIN)
    await fire(app)

    assert (await accept(app, referral_id, who="peer-willow")).status_code == 200

    found = [(subject, version) for subject, _, version in await told(app)][1:]
    assert found == [(ESCALATED, 2), (ACCEPTED, 3)]
    assert await the_handoff(app) == ("accepted", 3, "peer-willow")


@pytest.mark.parametrize("seed", range(4))
async def test_of_accepting_and_escalating_at_once_each_move_happens_once_and_in_order(
    app: ServiceApp, clock: Clock, seed: int
) -> None:
    referrals = [await made(app) for _ in range(6)]
    await clock.move(ACKNOWLEDGE_WITHIN)
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
        assert moves[handoff_id] in (
            [(ACCEPTED, 2)],
            [(ESCALATED, 2), (ACCEPTED, 3)],
        )
        assert (state, version) == ("accepted", moves[handoff_id][-1][1])
        assert accepted_by in TEAM
    assert await due_at(app) == []


async def test_who_accepts_while_it_escalates_waits_and_has_it_after_that(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    await clock.move(ACKNOWLEDGE_WITHIN)
    [timer] = await timers(app)

    async with app.sessions.begin(Scope(timer.programme_id, "test")) as session:
        await escalate_handoff(session, timer)
        accepting = asyncio.create_task(accept(app, referral_id, who="peer-willow"))
        await until(lambda: somebody_waits(app), what="the acceptance waits")

    assert (await accepting).status_code == 200
    found = [(subject, version) for subject, _, version in await told(app)][1:]
    assert found == [(ESCALATED, 2), (ACCEPTED, 3)]


async def test_an_escalation_that_waits_for_somebody_who_accepts_calls_nobody(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    await clock.move(ACKNOWLEDGE_WITHIN)
    [timer] = await timers(app)

    async with app.sessions.begin(Scope(timer.programme_id, "test")) as session:
        now = await app_now(session)
        await store.accept(session, referral_id=referral_id, accepted_by="peer-willow", now=now)
        firing = asyncio.create_task(fire(app))
        await until(lambda: somebody_waits(app), what="the escalation waits")

    assert await firing == 1
    assert await told(app, ESCALATED) == []
    assert await the_handoff(app) == ("accepted", 2, "peer-willow")
    assert await due_at(app) == []


async def timers(app: ServiceApp) -> list[Timer]:
    rows = await app.rows("SELECT kind, aggregate_id, programme_id, due_at FROM timer")
    return [Timer(*row) for row in rows]


async def somebody_waits(app: ServiceApp) -> bool:
    return bool(await app.rows(WAITING))
