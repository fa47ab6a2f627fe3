"""For whom a record is, and what was opened in an emergency: who is answered, and who is not."""

import pytest
from uuid_utils.compat import uuid7

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
    same_refusal,
)
from tests.service.casework.intakes import joins
from tests.service.casework.records import REASON, a_record, break_glass

CARE, PRIVACY = "care_coordination", "privacy"
# The care team and its supervisor; peer-rowan works with other people.
THEIRS = dict.fromkeys(("coordinator-juniper", "manager-fern", "peer-willow"), 200)
OPENS = dict.fromkeys((*THEIRS, "peer-rowan"), 201)
SUPERVISES = {"coordinator-juniper": 200}
PRIVACY_OFFICER = {"privacy-yarrow": 200}
NAMES = {"staff_ids": ["manager-fern", "peer-willow", "coordinator-juniper"]}
WHY = {"reason": REASON}
RESTRICTION = "/participants/{participant}/restriction"
OPENING = "/participants/{participant}/break-glass-accesses/{new}"
REVIEW = "/break-glass-accesses/{access}/review"
LIST = Route("GET", "/break-glass-accesses", PRIVACY, PRIVACY_OFFICER)
OF_ONE = (
    Route("GET", RESTRICTION, CARE, THEIRS),
    Route("GET", RESTRICTION, PRIVACY, PRIVACY_OFFICER),
    Route("PUT", RESTRICTION, CARE, SUPERVISES, NAMES),
    Route("PUT", RESTRICTION, PRIVACY, PRIVACY_OFFICER, NAMES),
    Route("PUT", f"{RESTRICTION}/lifting", CARE, SUPERVISES),
    Route("PUT", f"{RESTRICTION}/lifting", PRIVACY, PRIVACY_OFFICER),
    Route("PUT", OPENING, CARE, OPENS, WHY),
    Route("PUT", REVIEW, PRIVACY, PRIVACY_OFFICER, {"review": "justified"}),
)
ROUTES = (LIST, *OF_ONE)
BAD = (
    Bad(f"/participants/{SENTINEL}/restriction", "path.participant_id"),
    Bad(f"/participants/{NO_ID}/restriction", "body.staff_ids", "PUT", body={"staff_ids": []}),
    Bad(
        f"/participants/{NO_ID}/restriction",
        "body.staff_ids.0",
        "PUT",
        body={"staff_ids": [SENTINEL]},
    ),
    Bad(
        f"/participants/{NO_ID}/break-glass-accesses/{NO_ID}",
        "body.reason",
        "PUT",
        body={"reason": "short"},
    ),
)
BAD_REVIEWS = (
    Bad("/break-glass-accesses", "query.reviewed", params={"reviewed": SENTINEL}),
    Bad(f"/break-glass-accesses/{SENTINEL}/review", "path.access_id", "PUT"),
    Bad(f"/break-glass-accesses/{NO_ID}/review", "body.review", "PUT", body={"review": SENTINEL}),
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have a record, and an access to it in an emergency that nobody has judged."""
    person = await a_record(app)
    [(referral_id,)] = await app.rows("SELECT referral_id FROM episode")
    await joins(app, referral_id, "manager-fern")
    opened = await break_glass(app, person, who="coordinator-juniper")
    return {"participant": str(person), "access": opened.json()["id"]}


async def test_the_list_answers_the_privacy_officer_and_nobody_else(app: ServiceApp) -> None:
    await check_answers(app, LIST)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    nothing = filled(route, dict.fromkeys(ids, NO_ID))
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in named_nowhere(ROUTES):
        for purpose in ("referral", "operations", "feedback", "nonsense"):
            await check_purpose_refused(app, route, purpose=purpose)


@pytest.mark.parametrize("bad", [*BAD, *BAD_REVIEWS], ids=range(7))
async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(
    app: ServiceApp, bad: Bad
) -> None:
    who = "privacy-yarrow" if bad in BAD_REVIEWS else "coordinator-juniper"
    asking = app.as_(who, purpose=PRIVACY if bad in BAD_REVIEWS else CARE)

    answer = await asking.ask(bad.method, bad.path, params=bad.params, json=bad.body)

    assert is_correction(answer, where=bad.where), answer.text


async def test_an_enforcement_function_reaches_nothing_whatever_else_the_token_says(
    app: ServiceApp,
) -> None:
    ids = await world(app)
    officer = app.as_forged(roles=["case_manager", "coordinator", "peer", "privacy_officer"])
    found = []
    for route in ROUTES:
        asked = filled(route, ids)
        path = asked.path.replace("{new}", str(uuid7()))
        headers = {"Handoff-Purpose": route.purpose}
        found.append(await officer.ask(asked.method, path, json=asked.body, headers=headers))

    assert same_refusal(found)
