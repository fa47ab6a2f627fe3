"""The live handoff: one accepts, time escalates, and of rivals exactly one wins each move."""

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
    EXPIRED,
    OFFERED,
    accept,
    due_at,
    fire,
    made,
    on_duty,
    read,
    step,
    told,
)
from tests.system.until import until

WAITING = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
TEAM = ("coordinator-juniper", "manager-fern", "peer-willow")
FIRST_WAIT = DEFAULT_LADDER[0].wait
DECLINED = "deflection.handoff.declined.v1"
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


async def test_the_way_to_the_person_is_told_step_by_step_and_by_role(app: ServiceApp) -> None:
    referral_id = await made(app)
    await accept(app, referral_id, who="peer-willow")
    seen = []
    for name, body in (
        ("departure", None),
        ("arrival", None),
        ("meeting", None),
        ("person-answer", {"agreed": True}),
    ):
        answer = await step(app, referral_id, name, who="peer-willow", body=body)
        again = await step(app, referral_id, name, who="peer-willow", body=body)
        assert (answer.status_code, again.content) == (200, answer.content)
        officer = await read(app, referral_id)
        assert "willow" not in officer.text
        seen.append((answer.json()["state"], officer.json()["status"]))

    assert seen == [
        ("on_the_way", "on_the_way"),
        ("arrived", "arrived"),
        ("met", "arrived"),
        ("person_agreed", "arrived"),
    ]
    steps = [subject for subject, _, _ in await told(app)][5:]
    assert [each.removeprefix("deflection.handoff.").removesuffix(".v1") for each in steps] == [
        *("departed", "arrived", "met", "person_agreed")
    ]


async def test_a_step_that_cannot_come_next_is_refused(app: ServiceApp) -> None:
    referral_id = await made(app)
    await accept(app, referral_id, who="peer-willow")

    early = await step(app, referral_id, "person-answer", who="peer-willow", body={"agreed": True})
    await step(app, referral_id, "meeting", who="peer-willow")
    back = await step(app, referral_id, "departure", who="peer-willow")
    withdrawn = await step(
        app, referral_id, "withdrawal", who="officer-hemlock", body={"reason_code": "other"}
    )

    for answer in (early, back, withdrawn):
        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "/problems/handoff-out-of-order",
        )


@pytest.mark.parametrize("who", ["officer-hemlock", "peer-willow", "coordinator-juniper"])
async def test_after_the_release_the_officer_reads_the_same_whatever_follows(
    app: ServiceApp, who: str
) -> None:
    referral_id = await made(app)
    await accept(app, referral_id, who="peer-willow")

    released = await step(app, referral_id, "officer-release", who=who)
    again = await step(app, referral_id, "officer-release", who=who)
    before = await read(app, referral_id)
    await step(app, referral_id, "meeting", who="peer-willow")
    await step(app, referral_id, "person-answer", who="peer-willow", body={"agreed": False})

    assert (released.status_code, again.status_code) == (204, 204)
    assert before.json()["status"] == "received_by_the_programme"
    assert (await read(app, referral_id)).content == before.content
    assert len(await told(app, "deflection.handoff.officer_released.v1")) == 1


async def test_a_referral_is_taken_back_once_and_nobody_is_sent(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    why = {"reason_code": "person_left"}

    for _ in range(2):
        answer = await step(app, referral_id, "withdrawal", who="officer-hemlock", body=why)
        assert answer.status_code == 204

    late = await accept(app, referral_id, who="peer-willow")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/handoff-withdrawn")
    await clock.move(timedelta(hours=1))
    await fire(app)
    found = [subject for subject, _, _ in await told(app)][4:]
    assert found == ["deflection.handoff.withdrawn.v1", "deflection.referral.withdrawn.v1"]


async def test_what_waits_is_listed_with_whom_it_was_offered_to(app: ServiceApp) -> None:
    await on_duty(app, "peer-willow")
    waiting, taken = await made(app), await made(app)
    await accept(app, taken, who="manager-fern")

    page = (await app.as_("coordinator-juniper").get("/handoffs")).json()

    [found] = page["items"]
    assert found["referral_id"] == str(waiting)
    assert [each["staff_id"] for each in found["offers"]] == ["peer-willow"]


async def offered_to(app: ServiceApp) -> list[tuple[int, list[str]]]:
    rows = await app.rows(
        "SELECT body -> 'data' ->> 'rung', body -> 'data' -> 'offered_to_ids' FROM outbox"
        " WHERE subject = 'deflection.handoff.offered.v1' ORDER BY id"
    )
    return [(int(rung), people) for rung, people in rows]


async def timers(app: ServiceApp) -> list[Timer]:
    rows = await app.rows("SELECT kind, aggregate_id, programme_id, due_at, payload FROM timer")
    return [Timer(*row) for row in rows]


async def somebody_waits(app: ServiceApp) -> bool:
    return bool(await app.rows(WAITING))
