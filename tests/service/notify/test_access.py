"""Every route of notify: who is answered, who is not, and what a wrong request is told."""

from dataclasses import replace

import pytest

from shared.policy.actor import Purpose
from tests.builders import a_referral_created
from tests.service.access_tables import filled, named_nowhere
from tests.service.apps import (
    NO_ID,
    SENTINEL,
    Bad,
    Route,
    ServiceApp,
    check_answers,
    check_missing,
    check_purpose_refused,
    is_correction,
)
from tests.service.code_routes import codes
from tests.service.notify.test_feedback import published
from tests.service.notify.working import addressed, hired, mail_server, told
from tests.service.operation_routes import bad_operations, operations

CONSUMER = "notify-referral-arrived"
CARE = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan", "manager-cedar")
RESPONDERS = (
    "officer-hemlock",
    "officer-sorrel",
    "officer-aspen",
    "supervisor-cypress",
    "medic-linden",
    "firefighter-maple",
    "librarian-elder",
)
ADMINISTRATION = {"coordinator-juniper": 200, "administrator-acacia": 200}
PROGRAMMES_OWN = {"coordinator-juniper": 200, "evaluator-ginkgo": 200}
ADDRESS = {"email": "peer-willow@example.org", "language_code": "es"}
OWN = "/delivery-addresses/peer-willow"
PEERS = {"peer-willow": 200, "peer-rowan": 200}
OF_HEMLOCK = dict.fromkeys(("officer-hemlock", "supervisor-cypress"), 200)
LISTS = (
    Route("GET", "/notices", "care_coordination", dict.fromkeys(CARE, 200)),
    Route("GET", "/notices", "referral", dict.fromkeys(RESPONDERS, 200)),
    Route("GET", "/notices", "feedback", dict.fromkeys(RESPONDERS, 200)),
    Route("GET", "/notices", "privacy", {"privacy-yarrow": 200}),
    Route("PUT", "/notices/{new}/reading", "care_coordination", {}),
    Route("PUT", "/notices/{new}/reading", "referral", {}),
    Route("GET", "/deliveries", "administration", ADMINISTRATION),
    Route("PUT", OWN, "care_coordination", {"peer-willow": 200}, ADDRESS),
    Route("PUT", OWN, "administration", ADMINISTRATION, ADDRESS),
    Route("GET", "/delivery-addresses/nobody", "care_coordination", {}),
    Route("GET", "/delivery-addresses/nobody", "administration", {}),
    Route("GET", "/feedback-releases", "feedback", dict.fromkeys(RESPONDERS, 200) | PROGRAMMES_OWN),
    Route("GET", f"/feedback-releases/{NO_ID}", "feedback", {}),
    *operations("notify", CONSUMER),
    *codes("notify"),
)
# A notice to peers, one to the officer alone, the address of a peer, and an agency's table.
OF_ONE = (
    Route("PUT", "/notices/{to_peers}/reading", "care_coordination", PEERS),
    Route("PUT", "/notices/{to_peers}/reading", "referral", {}),
    Route("PUT", "/notices/{to_officer}/reading", "feedback", {"officer-hemlock": 200}),
    Route("GET", OWN, "care_coordination", {"peer-willow": 200}),
    Route("GET", OWN, "administration", ADMINISTRATION),
    Route("GET", "/feedback-releases/{release}", "feedback", OF_HEMLOCK | PROGRAMMES_OWN),
)
ROUTES = (*LISTS, *OF_ONE)
BAD = (
    Bad("/notices", "query.limit", params={"limit": "0"}),
    Bad("/notices", "query.limit", params={"limit": "101"}),
    Bad(f"/notices/{SENTINEL}/reading", "path.notice_id", method="PUT"),
    Bad(f"/feedback-releases/{SENTINEL}", "path.release_id"),
    Bad(f"/delivery-addresses/{SENTINEL}", "path.staff_id"),
    Bad(OWN, "body.email", method="PUT", body={"email": SENTINEL}),
    Bad(OWN, "body.email", method="PUT", body={"email": "a@example.org\r\nBcc: b@example.org"}),
    Bad(OWN, "body.language_code", method="PUT", body=ADDRESS | {"language_code": SENTINEL}),
    Bad(OWN, "body.telephone", method="PUT", body=ADDRESS | {"telephone": SENTINEL}),
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have something told to peers, and a table to an agency of which one officer is known."""
    await hired(app, "officer-hemlock", "first_responder", agency="hemlock-police")
    await addressed(app, "peer-willow")
    await told(app, a_referral_created())
    async with mail_server() as server:
        release = await published(app, smtp=server.port)
    notices = await app.rows("SELECT coalesce(recipient_role, recipient_id), id FROM notice")
    to = {recipient: str(id_) for recipient, id_ in notices}
    return {
        "to_peers": to["peer"],
        "to_officer": to["officer-hemlock"],
        "release": str(release.release_id),
    }


@pytest.mark.parametrize("route", LISTS, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_record_is_shown_to_those_whose_it_is_and_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    missing = route.path.replace(OWN, "/delivery-addresses/nobody")
    nothing = filled(replace(route, path=missing), dict.fromkeys(ids, NO_ID))
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    own = {"care_coordination", "referral", "feedback"}
    served = {
        "/notices": own | {"privacy"},
        "/delivery-addresses": own | {"administration", "privacy"},
        "/deliveries": {"administration"},
        "/feedback-releases": {"feedback"},
        "/journal": {"service_delivery", "operations"},
        "/dead-letters": {"operations"},
        "/codes": {each.value for each in Purpose},
    }
    for route in named_nowhere(ROUTES):
        [purposes] = [served[each] for each in served if f"{route.path}/".startswith(f"{each}/")]
        for purpose in {"referral", "nonsense", "care_coordination", "privacy"} - purposes:
            await check_purpose_refused(app, route, purpose=purpose)


async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        answer = await app.as_("peer-willow").ask(
            bad.method, bad.path, params=bad.params, json=bad.body
        )
        assert is_correction(answer, where=bad.where)


@pytest.mark.parametrize("bad", bad_operations(CONSUMER), ids=range(11))
async def test_a_wrong_request_to_an_operations_route_is_told_what_to_mend(
    app: ServiceApp, bad: Bad
) -> None:
    operator = app.as_("operator-spruce", purpose="operations")

    answer = await operator.ask(bad.method, bad.path, params=bad.params)

    assert is_correction(answer, where=bad.where)


@pytest.mark.parametrize(
    "cursor", ["Test Participant Birch", "AAAA", "f_________8AAAAAAAAAAAAAAAAAAAAA", "\0"]
)
async def test_a_cursor_that_is_not_ours_is_refused(app: ServiceApp, cursor: str) -> None:
    answer = await app.as_("peer-willow").get("/notices", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor")
    assert "Birch" not in answer.text
