"""Intakes and timelines: one provisional participant for each referral, pages without gaps."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from services.casework.handlers.referral import open_intake_for_referral, project_handoffs
from services.casework.schemas.timelines import TimelineLine
from services.casework.worker import subscriptions
from shared.db.session import Scope
from shared.messaging.cloudevents import to_document
from shared.messaging.dead_letters import replay_asked
from shared.messaging.delivery import record_failure
from shared.messaging.errors import PermanentError
from tests.builders import NOON, a_handoff_escalated, a_referral_created, a_story
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import arrived, handled, pages, participant_of

BIRCH = "birch-county"
PROTECTED = ("intake", "participant", "participant_referral", "timeline_entry")


async def timeline(app: ServiceApp, participant_id: UUID) -> list[dict[str, object]]:
    found = await app.as_("peer-willow").get(f"/participants/{participant_id}/timeline")
    assert found.status_code == 200
    return list(found.json()["items"])


async def test_a_referral_arrives_under_a_provisional_participant_of_its_own(
    app: ServiceApp,
) -> None:
    first, second = await arrived(app), await arrived(app)

    found = (await app.as_("peer-willow").get("/intakes")).json()["items"]

    assert {each["referral_id"] for each in found} == {
        str(first.referral_id),
        str(second.referral_id),
    }
    assert len({each["participant_id"] for each in found}) == 2
    assert {each["state"] for each in found} == {"identity_arriving"}
    assert all("identity" not in each for each in found)
    assert await app.count("task") == 2


async def test_the_same_referral_often_and_at_once_is_one_intake(app: ServiceApp) -> None:
    event = a_referral_created()

    await asyncio.gather(*(open_intake_for_referral(event, app.sessions) for _ in range(6)))

    for table in ("intake", "participant", "participant_referral", "task", "inbox"):
        assert await app.count(table) == 1, table


async def test_while_its_identity_is_arriving_an_intake_is_shown_without_it(
    app: ServiceApp,
) -> None:
    event = await arrived(app, pathway="naloxone_plus")

    found = (await app.as_("manager-fern").get(f"/intakes/{event.referral_id}")).json()

    assert found == {
        "referral_id": str(event.referral_id),
        "participant_id": str(await participant_of(app, event.referral_id)),
        "pathway": "naloxone_plus",
        "state": "identity_arriving",
        "received_at": "2026-03-02T12:00:00Z",
        "identity": None,
    }


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
async def test_pages_show_every_intake_once_while_new_ones_arrive(
    app: ServiceApp, limit: int
) -> None:
    # Several of one moment: the id decides among them.
    there = [await arrived(app, occurred_at=NOON + timedelta(minutes=n // 3)) for n in range(14)]
    await arrived(app, programme_id=BIRCH)

    seen: list[str] = []
    moments: list[str] = []
    async for items in pages(app, "/intakes", limit=limit):
        assert len(items) <= limit
        seen += [each["referral_id"] for each in items]
        moments += [each["received_at"] for each in items]
        await arrived(app, occurred_at=NOON + timedelta(hours=1))

    assert sorted(seen) == sorted(str(each.referral_id) for each in there)
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("limit", [1, 4, 50])
async def test_pages_show_every_line_of_a_timeline_once_while_new_ones_arrive(
    app: ServiceApp, limit: int
) -> None:
    event = a_referral_created()
    handoffs = [
        a_handoff_escalated(
            referral_id=event.referral_id, occurred_at=NOON + timedelta(minutes=n // 2)
        )
        for n in range(9)
    ]
    others = a_story()
    await handled(app, [*handoffs, event, *others])
    path = f"/participants/{await participant_of(app, event.referral_id)}/timeline"

    seen: list[str] = []
    async for items in pages(app, path, limit=limit):
        seen += [each["source_id"] for each in items]
        newer = a_handoff_escalated(
            referral_id=event.referral_id, occurred_at=NOON + timedelta(hours=1)
        )
        await project_handoffs([newer], app.sessions)

    assert sorted(seen) == sorted(str(each.aggregate_id) for each in [event, *handoffs])


async def test_a_timeline_tells_every_step_newest_first(app: ServiceApp) -> None:
    story = a_story()
    await handled(app, story)

    lines = await timeline(app, await participant_of(app, story[0].aggregate_id))

    opened, *rest = [(each["kind"], each["detail"]) for each in lines]
    assert opened[0] == "episode_opened"
    assert rest == [
        ("handoff_accepted", {"accepted_by": "peer-willow"}),
        ("handoff_escalated", {"rung": 1}),
        ("referral_created", {"pathway": "officer_referral"}),
    ]


async def test_a_page_that_is_written_directly_is_what_its_description_says(
    app: ServiceApp,
) -> None:
    story = a_story()
    await handled(app, story)

    lines = await timeline(app, await participant_of(app, story[0].aggregate_id))

    assert lines
    assert [TimelineLine.model_validate(each).model_dump(mode="json") for each in lines] == lines


async def test_what_came_before_the_intake_is_on_the_timeline_once_it_is_there(
    app: ServiceApp,
) -> None:
    created, *later = a_story()
    await handled(app, later)
    assert await app.count("timeline_entry") == 2

    await handled(app, [created])

    lines = await timeline(app, await participant_of(app, created.aggregate_id))
    assert [each["kind"] for each in lines] == [
        *("episode_opened", "handoff_accepted", "handoff_escalated"),
        "referral_created",
    ]


async def test_linking_two_referrals_to_one_person_rewrites_no_line(app: ServiceApp) -> None:
    one, other = a_story(), a_story()
    await handled(app, [*one, *other])
    person = await participant_of(app, one[0].aggregate_id)
    before = await app.rows("SELECT * FROM timeline_entry ORDER BY id")

    await app.rows(
        "UPDATE participant_referral SET participant_id = :person RETURNING 1", person=person
    )

    assert len(await timeline(app, person)) == 8
    assert await app.rows("SELECT * FROM timeline_entry ORDER BY id") == before


async def test_one_programme_sees_nothing_of_another(app: ServiceApp) -> None:
    mine, theirs = await arrived(app), await arrived(app, programme_id=BIRCH)

    for who, own in (("manager-fern", mine), ("manager-cedar", theirs)):
        found = (await app.as_(who).get("/intakes")).json()["items"]
        assert [each["referral_id"] for each in found] == [str(own.referral_id)]


async def test_a_session_without_a_scope_sees_nobody(app: ServiceApp) -> None:
    await handled(app, [*a_story(), *a_story(programme_id=BIRCH)])

    async with app.sessions.begin() as session:
        for table in PROTECTED:
            count = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - one of our own tables
            assert await session.scalar(count) == 0, table
    async with app.sessions.begin(Scope(BIRCH, "test")) as session:
        for table in PROTECTED:
            count = text(f"SELECT count(DISTINCT programme_id) FROM {table}")  # noqa: S608 - as above
            assert await session.scalar(count) == 1, table


async def test_a_replayed_dead_letter_opens_the_intake_it_could_not_open(app: ServiceApp) -> None:
    event = a_referral_created()
    await record_failure(
        app.sessions,
        consumer="casework-intake",
        document=to_document(event),
        error=PermanentError("not just now"),
    )
    await app.rows("UPDATE failed_delivery SET state = 'parked' RETURNING 1")
    operator = app.as_("operator-spruce", purpose="operations")
    path = f"/dead-letters/casework-intake/{event.event_id}"

    assert (
        await app.as_("casework", purpose="operations").post(f"{path}/replay")
    ).status_code == 404
    assert (await operator.post(f"{path}/replay")).status_code == 202
    assert await replay_asked(app.sessions, subscriptions.all) == 1

    assert (await operator.get(path)).json()["state"] == "handled"
    found = (await app.as_("peer-willow").get("/intakes")).json()["items"]
    assert [each["referral_id"] for each in found] == [str(event.referral_id)]
