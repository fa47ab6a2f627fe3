"""Whom a handoff is offered to: rung by rung, who is on duty, until somebody accepts."""

import asyncio
from datetime import timedelta

from services.referral.domain.ladder import DEFAULT_LADDER
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    ESCALATED,
    EXPIRED,
    OFFERED,
    accept,
    due_at,
    fire,
    made,
    offered_to,
    on_duty,
    step,
    the_handoff,
    told,
)

FIRST_WAIT = DEFAULT_LADDER[0].wait
DECLINED = "deflection.handoff.declined.v1"


async def test_the_next_rung_is_called_at_its_time_and_not_before(
    app: ServiceApp, clock: Clock
) -> None:
    await on_duty(app, "peer-willow")
    await on_duty(app, "manager-fern", "case_manager")
    await made(app)
    assert await the_handoff(app) == ("offered", 2, None)

    await clock.move(FIRST_WAIT - timedelta(seconds=30))
    assert await fire(app) == 0
    assert await told(app, ESCALATED) == []

    await clock.move(timedelta(seconds=30))
    assert await fire(app) == 1
    assert [each[0] for each in await told(app)][4:] == [ESCALATED, OFFERED]
    assert await offered_to(app) == [(1, ["peer-willow"]), (2, ["manager-fern"])]
    assert await the_handoff(app) == ("offered", 4, None)


async def test_a_rung_with_nobody_on_duty_is_passed_over(app: ServiceApp) -> None:
    await on_duty(app, "coordinator-juniper", "coordinator")
    await made(app)

    assert await offered_to(app) == [(3, ["coordinator-juniper"])]


async def test_a_shift_that_is_over_is_nobody_on_duty(app: ServiceApp, clock: Clock) -> None:
    await on_duty(app, "peer-willow", hours=1)
    await clock.move(timedelta(hours=2))
    await made(app)

    assert await offered_to(app) == [(1, [])]


async def test_without_any_shift_the_ladder_is_walked_to_its_end(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    for minutes in (10, 10, 15):
        await clock.move(timedelta(minutes=minutes))
        await fire(app)

    rungs = [rung for rung, _ in await offered_to(app)]
    assert rungs == [1, 2, 3]
    assert [each[0] for each in await told(app)][-1] == EXPIRED
    assert (await the_handoff(app))[0] == "expired"
    assert await due_at(app) == []
    assert (await accept(app, referral_id, who="peer-willow")).status_code == 200


async def test_when_all_who_were_asked_decline_the_next_are_called_at_once(
    app: ServiceApp, clock: Clock
) -> None:
    for who, role in (
        ("peer-willow", "peer"),
        ("peer-rowan", "peer"),
        ("manager-fern", "case_manager"),
    ):
        await on_duty(app, who, role)
    referral_id = await made(app)
    reason = {"reason_code": "busy"}

    first = await step(app, referral_id, "decline", who="peer-willow", body=reason)
    assert await told(app, ESCALATED) == []
    again = await step(app, referral_id, "decline", who="peer-willow", body=reason)
    second = await step(app, referral_id, "decline", who="peer-rowan", body=reason)
    stranger = await step(app, referral_id, "decline", who="coordinator-juniper", body=reason)

    assert [each.status_code for each in (first, again, second, stranger)] == [204, 204, 204, 409]
    assert await offered_to(app) == [(1, ["peer-rowan", "peer-willow"]), (2, ["manager-fern"])]
    assert len(await told(app, DECLINED)) == 2
    await clock.move(FIRST_WAIT)
    await fire(app)
    assert len(await told(app, ESCALATED)) == 2, "the second rung's own time began at the decline"


async def test_a_programmes_own_ladder_is_followed(app: ServiceApp, clock: Clock) -> None:
    ladder = {"rungs": [{"role_code": "coordinator", "wait_minutes": 3}]}
    coordinator = app.as_("coordinator-juniper", purpose="administration")
    assert (await coordinator.put("/ladder", json=ladder)).json() == ladder
    await made(app)

    await clock.move(timedelta(minutes=3))
    await fire(app)

    assert (await the_handoff(app))[0] == "expired"
    assert (await coordinator.get("/ladder")).json() == ladder


async def test_nobody_is_called_when_somebody_has_accepted(app: ServiceApp, clock: Clock) -> None:
    await accept(app, await made(app), who="peer-willow")

    await clock.move(timedelta(hours=1))
    await fire(app)

    assert await told(app, ESCALATED) == []
    assert await the_handoff(app) == ("accepted", 3, "peer-willow")
    assert await due_at(app) == [], "and the timer is gone"


async def test_many_schedulers_over_a_long_time_call_each_rung_once(
    app: ServiceApp, clock: Clock
) -> None:
    for _ in range(5):
        await made(app)

    for _ in range(6):
        await clock.move(timedelta(hours=1))
        await asyncio.gather(*(fire(app) for _ in range(6)))

    assert len(await told(app, ESCALATED)) == 10
    assert len(await told(app, EXPIRED)) == 5
    assert await due_at(app) == []
