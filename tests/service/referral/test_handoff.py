"""The way to the person, step by step: what is told by role, and what cannot come next."""

from datetime import timedelta

import pytest

from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    accept,
    fire,
    made,
    on_duty,
    read,
    step,
    told,
)


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
