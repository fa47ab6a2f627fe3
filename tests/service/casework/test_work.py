"""A day's work: follow-ups come due once, contacts are logged once, of rivals one wins."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from uuid_utils.compat import uuid7

from services.casework.use_cases.follow_up import followup_is_due, window_is_over
from services.casework.use_cases.plan_followups import DUE_TIMER, WINDOW_TIMER
from shared.events.referral import HandoffAccepted, HandoffPersonAgreed
from shared.messaging.timers import fire_due
from tests.builders import a_referral_created, an
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import handled

TIMERS = {DUE_TIMER: followup_is_due, WINDOW_TIMER: window_is_over}


async def enrolled(app: ServiceApp, *, by: str = "peer-willow") -> UUID:
    """Have somebody referred, accepted and agreed; return the episode."""
    [(now,)] = await app.rows("SELECT app_now()")
    event = a_referral_created(occurred_at=now)
    about = {"referral_id": event.referral_id, "occurred_at": now}
    accepted = an(HandoffAccepted, accepted_by=by, **about)
    await handled(app, [event, accepted, an(HandoffPersonAgreed, **about)])
    return uuid5(event.referral_id, "episode")


async def followups(app: ServiceApp, episode_id: UUID) -> list[dict[str, Any]]:
    answer = await app.as_("peer-willow").get("/followups", params={"episode_id": str(episode_id)})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def fire(app: ServiceApp) -> int:
    return await fire_due(app.sessions, TIMERS, service="casework")


async def told(app: ServiceApp, fact: str) -> int:
    subject = f"deflection.{fact}.v1"
    return len(await app.rows("SELECT 1 FROM outbox WHERE subject = :subject", subject=subject))


async def until_due(app: ServiceApp, clock: Clock, followup: dict[str, Any], at: str) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    await clock.move(datetime.fromisoformat(followup[at]) - now)


async def put_contact(
    app: ServiceApp, episode_id: UUID, *, id_: UUID | None = None, **stated: Any
) -> httpx.Response:
    [(now,)] = await app.rows("SELECT app_now()")
    body = {
        "episode_id": str(episode_id),
        "kind": "made",
        "mode_code": "in_person",
        "outcome_code": "reached",
        "started_at": now.isoformat(),
    }
    return await app.as_("peer-willow").put(f"/contacts/{id_ or uuid7()}", json=body | stated)


async def test_a_contact_from_before_the_referral_is_a_slip(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    [(now,)] = await app.rows("SELECT app_now()")

    early = await put_contact(app, episode_id, started_at=(now - timedelta(days=365)).isoformat())
    wrong = await put_contact(app, episode_id, outcome_code="not_found")

    assert (early.status_code, early.json()["type"]) == (409, "/problems/contact-too-early")
    assert wrong.status_code == 422
    assert "The outcome of a contact that was made is one of:" in wrong.json()["errors"][0]["fix"]


async def test_a_follow_up_comes_due_at_its_time_once_and_never_before(
    app: ServiceApp, clock: Clock
) -> None:
    episode_id = await enrolled(app)
    first = (await followups(app, episode_id))[0]
    await until_due(app, clock, first, "due_at")
    await clock.move(-timedelta(seconds=30))
    assert await fire(app) == 0

    await clock.move(timedelta(seconds=30))
    await asyncio.gather(*(fire(app) for _ in range(5)))

    assert await told(app, "followup.due") == 1
    assert [each["state"] for each in await followups(app, episode_id)][:2] == ["due", "scheduled"]
    [(staff,)] = await app.rows(
        "SELECT body -> 'data' -> 'assigned_ids' FROM outbox"
        " WHERE subject = 'deflection.followup.due.v1'"
    )
    assert staff == ["peer-willow"]


async def test_a_clock_that_jumps_past_everything_tells_each_thing_once(
    app: ServiceApp, clock: Clock
) -> None:
    episode_id = await enrolled(app)

    await clock.move(timedelta(days=400))
    for _ in range(3):
        await fire(app)

    assert await told(app, "followup.due") == await told(app, "followup.missed") == 6
    assert {each["state"] for each in await followups(app, episode_id)} == {"missed"}


async def test_overdue_is_computed_when_it_is_read(app: ServiceApp, clock: Clock) -> None:
    episode_id = await enrolled(app)
    first = (await followups(app, episode_id))[0]
    await until_due(app, clock, first, "due_at")
    await fire(app)
    assert not (await followups(app, episode_id))[0]["overdue"]

    await clock.move(timedelta(hours=4))

    assert (await followups(app, episode_id))[0]["overdue"]


async def test_of_completing_and_missing_at_once_one_wins(app: ServiceApp, clock: Clock) -> None:
    episode_id = await enrolled(app)
    first = (await followups(app, episode_id))[0]
    await until_due(app, clock, first, "due_at")
    await fire(app)
    await until_due(app, clock, first, "window_ends_at")
    path = f"/followups/{first['id']}/completion"

    answer, _ = await asyncio.gather(app.as_("peer-willow").put(path, json={}), fire(app))

    state = (await followups(app, episode_id))[0]["state"]
    assert (answer.status_code, state) in {(200, "completed"), (409, "missed")}
    assert await told(app, "followup.completed") + await told(app, "followup.missed") == 1


async def test_safe_hours_move_what_is_ahead_and_its_timer(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    [(referral_id,)] = await app.rows("SELECT referral_id FROM episode")
    hours = {
        "time_zone": "America/New_York",
        "from_time": "18:00",
        "until_time": "19:00",
        "mode_codes": ["phone_call"],
        "may_leave_message": False,
        "may_name_programme": False,
        "language_code": "es",
    }
    before = await followups(app, episode_id)

    answer = await app.as_("peer-willow").put(f"/intakes/{referral_id}/safe-contact", json=hours)
    after = await followups(app, episode_id)

    assert answer.status_code == 200, answer.text
    assert answer.json()["confirmed_by"] == "peer-willow"
    assert [each["id"] for each in after] == [each["id"] for each in before]
    timers = await app.rows("SELECT aggregate_id, due_at FROM timer WHERE kind = 'followup_due'")
    assert {str(one): due for one, due in timers} == {
        each["id"]: datetime.fromisoformat(each["due_at"]) for each in after
    }
    hour = {datetime.fromisoformat(each["due_at"]).hour for each in after}
    assert hour <= {22, 23}, "six in the evening in New York"


async def test_a_contact_sent_again_is_logged_once_and_another_is_refused(app: ServiceApp) -> None:
    episode_id, id_ = await enrolled(app), uuid7()
    [(now,)] = await app.rows("SELECT app_now()")
    said = {"id_": id_, "started_at": now.isoformat(), "needs": ["housing"], "note": "made up"}

    first = await put_contact(app, episode_id, **said)
    again = await put_contact(app, episode_id, **said)
    other = await put_contact(app, episode_id, **said | {"note": "something else"})

    assert (first.status_code, again.content) == (201, first.content), first.text
    assert (other.status_code, other.json()["type"]) == (409, "/problems/contact-differs")
    assert await app.count("contact") == await app.count("need") == 1
    assert await told(app, "contact.made") == await told(app, "need.identified") == 1
    assert "made up" not in await app.everything()
    shown = await app.as_("coordinator-juniper").get(f"/episodes/{episode_id}/contacts")
    assert [each["note"] for each in shown.json()["items"]] == ["made up"]


async def test_a_contact_completes_the_follow_up_it_was_for(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    first = (await followups(app, episode_id))[0]

    answer = await put_contact(app, episode_id, followup_id=first["id"])

    assert answer.status_code == 201, answer.text
    assert (await followups(app, episode_id))[0]["state"] == "completed"


@pytest.mark.parametrize(
    ("stated", "status", "type_"),
    [
        ({"outcome_code": "not_found"}, 422, "/problems/invalid-input"),
        ({"started_at": "2126-01-01T00:00:00Z"}, 409, "/problems/contact-in-future"),
        ({"started_at": "2026-01-01T00:00:00"}, 422, "/problems/invalid-input"),
        ({"supplies": {"naloxone_kit": 0}}, 422, "/problems/invalid-input"),
        ({"surprise": True}, 422, "/problems/invalid-input"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused(
    app: ServiceApp, stated: dict[str, Any], status: int, type_: str
) -> None:
    answer = await put_contact(app, await enrolled(app), **stated)

    assert (answer.status_code, answer.json()["type"]) == (status, type_)
    assert await app.count("contact") == 0


async def test_a_contact_of_no_episode_is_as_if_there_were_nothing(app: ServiceApp) -> None:
    answer = await put_contact(app, UUID("0190a5d0-0000-7000-8000-000000000000"))

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_closing_cancels_what_was_planned_and_reopening_begins_anew(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    manager, path = app.as_("coordinator-juniper"), f"/episodes/{episode_id}"

    closed = await manager.put(f"{path}/closure", json={"reason_code": "moved"})
    late = await put_contact(app, episode_id)
    paused = await manager.put(f"{path}/pause", json={"reason_code": "in_hospital"})
    assert {each["state"] for each in await followups(app, episode_id)} == {"cancelled"}
    reopened = await manager.put(f"{path}/reopening")
    again = await manager.put(f"{path}/reopening")
    enrolment = await app.as_("peer-willow").put(f"{path}/enrolment")

    assert closed.json()["close_reason_code"] == "moved"
    assert (late.status_code, late.json()["type"]) == (409, "/problems/episode-closed")
    assert (paused.status_code, paused.json()["type"]) == (409, "/problems/episode-out-of-order")
    assert (reopened.json()["state"], again.json()["sequence"]) == ("outreach", 2)
    assert enrolment.json()["state"] == "enrolled"
    states = [each["state"] for each in await followups(app, episode_id)]
    assert (states.count("scheduled"), states.count("cancelled")) == (6, 6)


async def test_a_pause_rests_the_work_and_going_on_plans_it_anew(app: ServiceApp) -> None:
    episode_id = await enrolled(app)
    path = f"/episodes/{episode_id}"

    await app.as_("coordinator-juniper").put(f"{path}/pause", json={"reason_code": "in_hospital"})
    assert {each["state"] for each in await followups(app, episode_id)} == {"cancelled"}
    resumed = await app.as_("peer-willow").put(f"{path}/enrolment")

    assert resumed.json()["state"] == "enrolled"
    assert {each["state"] for each in await followups(app, episode_id)} == {"scheduled"}


async def test_a_caseload_is_what_one_works_on_now(app: ServiceApp) -> None:
    mine, theirs = await enrolled(app), await enrolled(app, by="peer-rowan")
    manager = app.as_("coordinator-juniper")
    await manager.put(f"/episodes/{theirs}/care-team/peer-willow", json={"role_code": "peer"})

    async def caseload() -> set[str]:
        page = await app.as_("peer-willow").get("/episodes", params={"mine": "true"})
        return {each["id"] for each in page.json()["items"]}

    assert await caseload() == {str(mine), str(theirs)}
    await manager.ask("DELETE", f"/episodes/{theirs}/care-team/peer-willow")
    assert await caseload() == {str(mine)}
    team = (await manager.get(f"/episodes/{theirs}")).json()["team"]
    assert [(each["staff_id"], each["until"] is None) for each in team] == [
        ("peer-rowan", True),
        ("peer-willow", False),
    ]
