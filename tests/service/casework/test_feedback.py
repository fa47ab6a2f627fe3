"""Released tables: counted by people, frozen for ever, and without what they hide."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.casework.domain.feedback import MEASURES, PersonFacts, quarter_from
from services.casework.store import feedback
from shared.db.session import Scope
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffMet, HandoffPersonAgreed
from tests.builders import a_referral_created, an
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import handled, pages

HEMLOCK = "hemlock-police"
A_QUARTER = timedelta(days=100)  # and the week in which late entries still come
LINK = text(
    "UPDATE participant_referral SET participant_id ="
    " (SELECT participant_id FROM participant_referral WHERE referral_id = :first)"
    " WHERE referral_id = :referral"
)
CONNECT = text("UPDATE need SET state = 'connected', settled_at = app_now()")


async def this_quarter(app: ServiceApp) -> date:
    [(now,)] = await app.rows("SELECT app_now()")
    return date(now.year, now.month - (now.month - 1) % 3, 1)


async def referred(
    app: ServiceApp, people: int, *steps: type[Event], agency_id: str = HEMLOCK
) -> list[UUID]:
    """Have *people* be referred now, each going through *steps*; return the referrals."""
    [(now,)] = await app.rows("SELECT app_now()")
    ids = [uuid7() for _ in range(people)]
    story: list[Event] = []
    for each in ids:
        story.append(a_referral_created(referral_id=each, agency_id=agency_id, occurred_at=now))
        story += [an(step, referral_id=each, occurred_at=now) for step in steps]
    await handled(app, story)
    return ids


async def release(
    app: ServiceApp, begins: date, *, id_: UUID | None = None, agency_id: str = HEMLOCK
) -> httpx.Response:
    body = {"agency_id": agency_id, "period_from": begins.isoformat()}
    asking = app.as_("coordinator-juniper", purpose="feedback")
    return await asking.put(f"/feedback-releases/{id_ or uuid7()}", json=body)


async def released(app: ServiceApp, begins: date, **stated: Any) -> dict[str, Any]:
    answer = await release(app, begins, **stated)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def visible(found: dict[str, Any]) -> dict[str, int]:
    return {row["measure"]: row["people"] for row in found["rows"] if row["shown"]}


async def same_person(app: ServiceApp, referrals: list[UUID]) -> None:
    """Make all these referrals be about the person of the first, as linking does."""
    async with app.sessions.begin(Scope("alder-county", "test")) as session:
        for each in referrals[1:]:
            await session.execute(LINK, {"referral": each, "first": referrals[0]})


async def contacted(app: ServiceApp, episode_id: UUID, **stated: Any) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    body = {
        "episode_id": str(episode_id),
        "kind": "made",
        "mode_code": "in_person",
        "outcome_code": "reached",
        "started_at": now.isoformat(),
    }
    answer = await app.as_("peer-willow").put(f"/contacts/{uuid7()}", json=body | stated)
    assert answer.status_code == 201, answer.text


async def facts(app: ServiceApp, begins: date) -> list[PersonFacts]:
    async with app.sessions.begin(Scope("alder-county", "test")) as session:
        quarter = quarter_from(begins)
        return await feedback.people_referred(session, agency_id=HEMLOCK, quarter=quarter)


async def told(app: ServiceApp) -> list[dict[str, Any]]:
    rows = await app.rows(
        "SELECT body -> 'data' FROM outbox WHERE subject = 'deflection.feedback.published.v1'"
    )
    return [data for (data,) in rows]


async def test_people_are_counted_along_the_way_and_what_is_small_has_no_number(
    app: ServiceApp, clock: Clock
) -> None:
    begins = await this_quarter(app)
    await referred(app, 12)
    await referred(app, 12, HandoffAccepted)
    await referred(app, 12, HandoffAccepted, HandoffMet)
    await referred(app, 5, agency_id="linden-ems")
    await clock.move(A_QUARTER)

    found = await released(app, begins)

    assert (found["agency_id"], found["period_from"]) == (HEMLOCK, begins.isoformat())
    assert found["period_until"] == quarter_from(begins).until.isoformat()
    assert found["threshold"] == 11
    assert visible(found) == {"referred": 36, "accepted": 24, "met": 12}
    assert [row["measure"] for row in found["rows"]] == [each.code for each in MEASURES]
    for row in found["rows"]:
        if not row["shown"]:
            assert (row["people"], row["of"], row["percent"]) == (None, None, None)
            assert row["why_hidden"] == "small_numbers"


async def test_one_person_referred_often_is_one_person(app: ServiceApp, clock: Clock) -> None:
    begins = await this_quarter(app)
    often = await referred(app, 5)
    await referred(app, 10)
    await same_person(app, often)
    await clock.move(A_QUARTER)

    assert visible(await released(app, begins)) == {"referred": 11}


async def test_what_is_hidden_is_not_stored(app: ServiceApp, clock: Clock) -> None:
    begins = await this_quarter(app)
    await referred(app, 10, HandoffAccepted)
    await clock.move(A_QUARTER)

    await released(app, begins)

    [(rows,)] = await app.rows("SELECT rows FROM feedback_release")
    assert {(row["people"], row["of"], row["percent"]) for row in rows} == {(None, None, None)}


async def test_what_a_person_went_through_is_counted_from_their_first_referral_on(
    app: ServiceApp, clock: Clock
) -> None:
    begins = await this_quarter(app)
    [one] = await referred(app, 1, HandoffAccepted, HandoffMet, HandoffPersonAgreed)
    episode_id = uuid5(one, "episode")
    manager = app.as_("coordinator-juniper")
    await contacted(app, episode_id, needs=["housing"])
    await clock.move(timedelta(days=35))
    await contacted(app, episode_id)
    async with app.sessions.begin(Scope("alder-county", "test")) as session:
        await session.execute(CONNECT)  # the routes of needs are another part's
    answer = await manager.put(f"/episodes/{episode_id}/closure", json={"reason_code": "completed"})
    assert answer.status_code == 200, answer.text
    answer = await manager.put(f"/episodes/{episode_id}/reopening")
    assert answer.status_code == 200, answer.text

    [person] = await facts(app, begins)

    assert all(each.holds(person) for each in MEASURES)


async def test_what_was_before_the_quarter_does_not_count_except_that_it_still_goes_on(
    app: ServiceApp, clock: Clock
) -> None:
    [before] = await referred(
        app, 1, HandoffAccepted, HandoffMet, HandoffPersonAgreed, agency_id="linden-ems"
    )
    await contacted(app, uuid5(before, "episode"))
    await clock.move(timedelta(days=120))
    begins = await this_quarter(app)
    [again] = await referred(app, 1)
    await same_person(app, [before, again])

    [person] = await facts(app, begins)

    assert [each.code for each in MEASURES if each.holds(person)] == ["referred", "enrolled"]
    assert person.first_contact_at is None


async def test_a_release_is_frozen_whatever_is_learnt_later(app: ServiceApp, clock: Clock) -> None:
    begins = await this_quarter(app)
    ids = await referred(app, 30)
    await clock.move(A_QUARTER)
    release_id = uuid7()
    first = await release(app, begins, id_=release_id)
    await handled(app, [an(HandoffAccepted, referral_id=each) for each in ids[:15]])

    again = await release(app, begins, id_=release_id)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert len(await told(app)) == 1


async def test_an_open_quarter_is_refused_with_when_it_closes(app: ServiceApp) -> None:
    begins = await this_quarter(app)

    answer = await release(app, begins)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/quarter-open")
    until = quarter_from(begins).until + timedelta(days=7)
    assert answer.json()["released_from"] == f"{until}T00:00:00+00:00"
    assert await app.count("feedback_release") == 0


async def test_a_quarter_that_has_just_ended_waits_for_what_is_entered_late(
    app: ServiceApp, clock: Clock
) -> None:
    quarter = quarter_from(await this_quarter(app))
    [(now,)] = await app.rows("SELECT app_now()")
    await clock.move(quarter.closes_at + timedelta(days=6, hours=23) - now)
    early = await release(app, quarter.begins)

    await clock.move(timedelta(hours=1))

    assert early.json()["type"] == "/problems/quarter-open"
    assert (await release(app, quarter.begins)).status_code == 201


async def test_a_quarter_is_released_once_and_an_id_means_one_table(
    app: ServiceApp, clock: Clock
) -> None:
    begins = await this_quarter(app)
    await clock.move(A_QUARTER)
    release_id = uuid7()
    await released(app, begins, id_=release_id)

    other_id = await release(app, begins)
    other_agency = await release(app, begins, id_=release_id, agency_id="linden-ems")

    assert (other_id.status_code, other_id.json()["type"]) == (409, "/problems/released-before")
    found = (other_agency.status_code, other_agency.json()["type"])
    assert found == (409, "/problems/release-differs")


async def test_of_many_who_release_at_once_one_table_stands(app: ServiceApp, clock: Clock) -> None:
    begins = await this_quarter(app)
    await clock.move(A_QUARTER)
    mine = uuid7()

    found = await asyncio.gather(
        *(release(app, begins, id_=mine if at % 2 else None) for at in range(6))
    )

    assert {answer.status_code for answer in found} <= {201, 409}
    kept = {answer.json()["id"] for answer in found if answer.status_code == 201}
    assert len(kept) == await app.count("feedback_release") == len(await told(app)) == 1


async def test_it_is_told_with_whose_and_of_when_and_no_number(
    app: ServiceApp, clock: Clock
) -> None:
    begins = await this_quarter(app)
    await clock.move(A_QUARTER)

    found = await released(app, begins)

    assert await told(app) == [
        {
            "release_id": found["id"],
            "agency_id": HEMLOCK,
            "period_from": found["period_from"],
            "period_until": found["period_until"],
        }
    ]
    assert await app.count("timeline_entry") == 0


async def test_released_tables_are_listed_newest_first_and_paged(
    app: ServiceApp, clock: Clock
) -> None:
    begins = await this_quarter(app)
    await clock.move(A_QUARTER)
    made = [await released(app, begins, agency_id=f"agency-{at}") for at in range(5)]

    found = [
        each
        async for items in pages(app, "/feedback-releases", limit=2, who="evaluator-ginkgo")
        for each in items
    ]

    assert found == made[::-1]


@pytest.mark.parametrize("day", ["2026-02-01", "2026-01-02", "9999-10-01"])
async def test_a_period_that_is_no_quarter_is_refused(app: ServiceApp, day: str) -> None:
    answer = await release(app, date.fromisoformat(day))

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["errors"]] == ["body.period_from"]
