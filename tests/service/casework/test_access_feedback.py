"""Who releases tables, who reads them, and that enforcement reaches none of it."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

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
    same_refusal,
)

BODY = {"agency_id": "hemlock-police", "period_from": "2020-01-01"}
# The coordinator asks first; whoever may but comes second with an id of their own is too late.
PUT = Route(
    "PUT",
    "/feedback-releases/{new}",
    "feedback",
    {"coordinator-juniper": 201, "evaluator-ginkgo": 409},
    BODY,
)
READ = {"coordinator-juniper": 200, "evaluator-ginkgo": 200}
LIST = Route("GET", "/feedback-releases", "feedback", READ)
ONE = Route("GET", "/feedback-releases/{release}", "feedback", READ)
FETCHED = Route("GET", "/feedback-releases/{release}", "service_delivery", {"notify": 200})
ROUTES = (PUT, LIST, ONE, FETCHED)
PATH = f"/feedback-releases/{NO_ID}"
BAD = (
    Bad(f"/feedback-releases/{SENTINEL}", "path.release_id", "PUT", body=BODY),
    Bad(PATH, "body.agency_id", "PUT", body=BODY | {"agency_id": SENTINEL}),
    Bad(PATH, "body.period_from", "PUT", body=BODY | {"period_from": SENTINEL}),
    Bad(PATH, "body.until", "PUT", body=BODY | {"until": SENTINEL}),
    Bad("/feedback-releases", "query.limit", params={"limit": "0"}),
    Bad(f"/feedback-releases/{SENTINEL}", "path.release_id"),
)


async def released(app: ServiceApp) -> UUID:
    release_id: UUID = uuid7()
    asking = app.as_("coordinator-juniper", purpose="feedback")
    answer = await asking.put(f"/feedback-releases/{release_id}", json=BODY)
    assert answer.status_code == 201, answer.text
    return release_id


@pytest.mark.parametrize("route", [PUT, LIST], ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", [ONE, FETCHED], ids=str)
async def test_a_release_is_shown_to_those_whose_work_it_is_and_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    release_id = str(await released(app))

    refused = await check_answers(app, route, path=route.path.format(release=release_id))
    await check_missing(app, route, missing=route.path.format(release=NO_ID), refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for method, path, also in (
        ("PUT", PATH, ("service_delivery",)),
        ("GET", "/feedback-releases", ("service_delivery",)),
        ("GET", PATH, ()),
    ):
        asked = Route(method, path, "", {}, BODY if method == "PUT" else None)
        for purpose in ("referral", "care_coordination", "operations", *also):
            await check_purpose_refused(app, asked, purpose=purpose)


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(
    app: ServiceApp, bad: Bad
) -> None:
    asking = app.as_("coordinator-juniper", purpose="feedback")

    answer = await asking.ask(bad.method, bad.path, params=bad.params, json=bad.body)

    assert is_correction(answer, where=bad.where)


async def test_another_programme_sees_no_release(app: ServiceApp) -> None:
    release_id = await released(app)
    elsewhere = {"sub": "coordinator-birch", "programme": "birch-county", "function": "care"}
    asking = app.as_forged(**elsewhere, roles=["coordinator"])
    why = {"Handoff-Purpose": "feedback"}

    one = await asking.get(f"/feedback-releases/{release_id}", headers=why)
    everything = await asking.get("/feedback-releases", headers=why)

    assert one.status_code == 404
    assert everything.json()["items"] == []


async def test_an_enforcement_function_reaches_no_release_whatever_else_the_token_says(
    app: ServiceApp,
) -> None:
    release_id = await released(app)
    officer = app.as_forged(roles=["coordinator", "evaluator", "service"])
    why = {"Handoff-Purpose": "feedback"}

    found = [
        await officer.put(f"/feedback-releases/{uuid7()}", json=BODY, headers=why),
        await officer.get("/feedback-releases", headers=why),
        await officer.get(f"/feedback-releases/{release_id}", headers=why),
    ]

    assert same_refusal(found)
