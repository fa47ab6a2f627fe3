"""The journal: in order, to services and operators, and to an operator of their programme only."""

from services.referral.domain.ladder import DEFAULT_LADDER
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.referral.referrals import (
    ACCEPTED,
    BEGUN,
    ESCALATED,
    OFFERED,
    accept,
    fire,
    made,
)


async def test_the_journal_shows_operators_and_services_what_was_told_in_order(
    app: ServiceApp, clock: Clock
) -> None:
    referral_id = await made(app)
    await clock.move(DEFAULT_LADDER[0].wait)
    await fire(app)
    await accept(app, referral_id, who="peer-willow")
    await app.journal_numbered()

    operator = app.as_("operator-spruce", purpose="operations")
    page = (await operator.get("/journal")).json()
    rest = (await app.as_("notify").get("/journal", params={"after": 1, "limit": 1})).json()
    event = page["entries"][0]["event"]
    one = await operator.get(f"/journal/{event['id']}")

    assert [(each["position"], each["event"]["type"]) for each in page["entries"]] == [
        *enumerate([*BEGUN, ESCALATED, OFFERED, ACCEPTED], start=1)
    ]
    assert page["head"] == rest["head"] == 7
    assert rest["entries"] == page["entries"][1:2]
    assert one.json() == page["entries"][0]
    assert event["data"] == {
        "pathway": "officer_referral",
        "referred_by": "officer-hemlock",
        "agency_id": "hemlock-police",
        "referral_id": str(referral_id),
    }


async def test_an_operator_reads_the_events_of_their_own_programme_only(app: ServiceApp) -> None:
    await made(app)
    theirs = await made(app, who="officer-aspen")
    await app.journal_numbered()
    operator = app.as_("operator-spruce", purpose="operations")
    everything = (await app.as_("casework").get("/journal")).json()["entries"]
    event_id = next(
        each["event"]["id"] for each in everything if each["event"]["aggregateid"] == str(theirs)
    )

    page = (await operator.get("/journal")).json()
    one = await operator.get(f"/journal/{event_id}")

    assert {each["event"]["programmeid"] for each in page["entries"]} == {"alder-county"}
    assert one.status_code == 404
