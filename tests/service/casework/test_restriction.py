"""A restricted record is for named people only, until somebody lifts that."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.events.referral import HandoffOfficerReleased
from tests.builders import an
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.casework.intakes import handled, joins, participant_of
from tests.service.casework.records import a_record, lift, restrict, statuses
from tests.service.casework.test_linking import BIRCH, BURCH, candidates, decide, referred
from tests.service.casework.test_work import fire

STAFF = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan")
BY_PRIVACY = {"who": "privacy-yarrow", "purpose": "privacy"}


async def told(app: ServiceApp, what: str) -> int:
    subject = f"deflection.participant.{what}.v1"
    return len(await app.rows("SELECT 1 FROM outbox WHERE subject = :subject", subject=subject))


async def test_a_record_is_for_the_care_team_and_its_supervisor(app: ServiceApp) -> None:
    person = await a_record(app, by="peer-willow")

    found = await statuses(app, f"/participants/{person}", *STAFF)

    assert found == dict(zip(STAFF, (200, 404, 200, 404), strict=True))


async def test_who_has_left_the_care_team_reaches_the_record_no_longer(app: ServiceApp) -> None:
    person = await a_record(app, by="peer-willow")
    [(episode,)] = await app.rows("SELECT id FROM episode")
    path = f"/episodes/{episode}/care-team/peer-willow"
    await app.as_("coordinator-juniper").ask("DELETE", path)

    assert await statuses(app, f"/participants/{person}", "peer-willow") == {"peer-willow": 404}
    assert (await app.as_("peer-willow").get("/episodes")).json()["items"] == []


async def test_a_restricted_record_is_for_those_who_are_named(app: ServiceApp) -> None:
    person = await a_record(app, by="peer-willow")

    answer = await restrict(app, person, "manager-fern")

    assert answer.status_code == 200, answer.text
    assert answer.json()["staff_ids"] == ["manager-fern"]
    found = await statuses(app, f"/participants/{person}", *STAFF)
    assert found == dict(zip(STAFF, (404, 200, 404, 404), strict=True))
    assert await told(app, "restricted") == 1


@pytest.mark.parametrize("path", ["/intakes", "/episodes", "/followups"])
async def test_no_list_shows_what_belongs_to_a_restricted_record(
    app: ServiceApp, path: str
) -> None:
    person = await a_record(app, by="peer-willow")
    before = {who: len((await app.as_(who).get(path)).json()["items"]) for who in STAFF}

    await restrict(app, person, "manager-fern")

    after = {who: len((await app.as_(who).get(path)).json()["items"]) for who in STAFF}
    assert before["coordinator-juniper"] == before["peer-willow"] > 0 == before["manager-fern"]
    assert after["coordinator-juniper"] == after["peer-willow"] == 0 < after["manager-fern"]


async def test_the_same_restriction_again_changes_nothing(app: ServiceApp) -> None:
    person = await a_record(app)

    first = await restrict(app, person, "coordinator-juniper", "manager-fern")
    again = await restrict(app, person, "manager-fern", "coordinator-juniper")

    assert first.json() == again.json()
    assert await told(app, "restricted") == 1


async def test_who_is_not_named_cannot_name_themselves_but_the_privacy_officer_can_lift_it(
    app: ServiceApp,
) -> None:
    person = await a_record(app)
    await restrict(app, person, "manager-fern")

    own = await restrict(app, person, "coordinator-juniper")
    shown = await app.as_("privacy-yarrow", purpose="privacy").get(
        f"/participants/{person}/restriction"
    )
    lifted = [await lift(app, person, **BY_PRIVACY) for _ in range(2)]

    assert own.status_code == 404
    assert shown.json()["staff_ids"] == ["manager-fern"]
    assert [each.json()["restricted_at"] for each in lifted] == [None, None]
    assert await told(app, "restriction_lifted") == 1
    found = await statuses(app, f"/participants/{person}", *STAFF)
    assert found == dict(zip(STAFF, (200, 404, 200, 404), strict=True))


async def test_a_restriction_goes_along_when_people_are_linked(app: ServiceApp) -> None:
    first = await referred(app, BIRCH, accepted_by="peer-willow")
    again = await referred(app, BURCH, accepted_by="peer-willow")
    known = await participant_of(app, first.referral_id)
    [candidate] = await candidates(app, again)
    apart = await participant_of(app, again.referral_id)
    await restrict(app, apart, "peer-willow", "coordinator-juniper")

    await decide(app, candidate["id"], "link", who="peer-willow")

    found = await statuses(app, f"/participants/{known}", *STAFF)
    assert found == dict(zip(STAFF, (200, 404, 200, 404), strict=True))
    await restrict(app, known, "coordinator-juniper")
    assert await statuses(app, f"/participants/{known}", "peer-willow") == {"peer-willow": 404}


async def test_what_is_split_off_a_restricted_record_is_as_restricted(app: ServiceApp) -> None:
    first = await referred(app, BIRCH, accepted_by="peer-willow")
    again = await referred(app, BURCH)
    known = await participant_of(app, first.referral_id)
    [candidate] = await candidates(app, again)
    await decide(app, candidate["id"], "link", who="coordinator-juniper")
    await restrict(app, known, "manager-fern", "coordinator-juniper")
    path = f"/participants/{known}/referrals/{again.referral_id}/split"

    for _ in range(2):
        answer = await app.as_("coordinator-juniper").put(path)
        assert answer.status_code == 200, answer.text

    apart = await participant_of(app, again.referral_id)
    assert apart != known
    for person in (known, apart):
        found = await statuses(app, f"/participants/{person}", *STAFF)
        assert found == dict(zip(STAFF, (200, 200, 404, 404), strict=True))


async def test_nobody_is_proposed_to_be_somebody_whose_record_is_closed_to_the_worker(
    app: ServiceApp,
) -> None:
    first = await referred(app, BIRCH, accepted_by="peer-willow")
    again = await referred(app, BURCH)
    [candidate] = await candidates(app, again)
    await restrict(app, await participant_of(app, first.referral_id), "coordinator-juniper")

    shown = await app.as_("peer-willow").get(f"/intakes/{again.referral_id}/match-candidates")
    decided = await decide(app, candidate["id"], "link", who="peer-willow")

    assert (shown.status_code, shown.json()["items"]) == (200, [])
    assert decided.status_code == 404
    assert [each["id"] for each in await candidates(app, again)] == [candidate["id"]]


async def test_who_is_not_named_is_told_of_no_follow_up(app: ServiceApp, clock: Clock) -> None:
    person = await a_record(app, by="peer-willow")
    [(referral_id,)] = await app.rows("SELECT referral_id FROM episode")
    await joins(app, referral_id, "manager-fern")
    await restrict(app, person, "manager-fern")

    await clock.move(timedelta(days=2))
    await fire(app)

    found = await app.rows(
        "SELECT body -> 'data' -> 'assigned_ids' FROM outbox"
        " WHERE subject = 'deflection.followup.due.v1'"
    )
    assert found
    assert {tuple(staff_ids) for (staff_ids,) in found} == {("manager-fern",)}


async def test_who_knew_the_person_and_is_not_named_hears_of_no_return(app: ServiceApp) -> None:
    [(now,)] = await app.rows("SELECT app_now()")
    first = await referred(app, BIRCH, accepted_by="peer-willow", occurred_at=now)
    await joins(app, first.referral_id, "manager-fern")
    again = await referred(app, BURCH, accepted_by="coordinator-juniper", occurred_at=now)
    [candidate] = await candidates(app, again)
    await restrict(
        app,
        await participant_of(app, first.referral_id),
        *("manager-fern", "coordinator-juniper"),
    )

    await decide(app, candidate["id"], "link", who="coordinator-juniper")

    released = an(HandoffOfficerReleased, referral_id=again.referral_id, occurred_at=now)
    await handled(app, [released])

    assert await app.rows(
        "SELECT body -> 'data' -> 'staff_ids' FROM outbox"
        " WHERE subject = 'deflection.participant.return_announced.v1'"
    ) == [(["manager-fern"],)]


async def test_a_record_that_is_for_nobody_is_refused(app: ServiceApp) -> None:
    answer = await restrict(app, UUID(int=7))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.staff_ids"
