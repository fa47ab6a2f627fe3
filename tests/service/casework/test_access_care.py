"""Goals, needs, the page about a person, their history: who is answered, and who is not."""

import pytest
from uuid_utils.compat import uuid7

from tests.service.access_tables import filled
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
from tests.service.casework.intakes import joins, participant_of
from tests.service.casework.test_goals import a_need, set_goal
from tests.service.casework.test_work import enrolled

CARE = "care_coordination"
# The care team and its supervisor; peer-rowan works with other people.
THEIRS = ("coordinator-juniper", "manager-fern", "peer-willow")
MAY = dict.fromkeys(THEIRS, 200)
GOAL = {"episode_id": "{episode}", "words": "Made up: sleep well"}
FULL = {"reason_code": "no_capacity"}
ROUTES = (
    Route("PUT", "/goals/{new}", CARE, dict.fromkeys(THEIRS, 201), GOAL),
    Route("PUT", "/goals/{goal}/end", CARE, MAY, {"state": "reached"}),
    Route("GET", "/episodes/{episode}/goals", CARE, MAY),
    Route("PUT", "/needs/{need}/no-connection", CARE, MAY, FULL),
    Route("PUT", "/needs/{need}/connection", CARE, MAY),
    Route("GET", "/episodes/{episode}/needs", CARE, MAY),
    Route("GET", "/participants/{participant}", CARE, MAY),
    Route("GET", "/intakes/{referral}/eligibility-history", CARE, {"coordinator-juniper": 200}),
)
BAD = (
    Bad(f"/goals/{SENTINEL}", "path.goal_id", method="PUT", body=GOAL),
    Bad(f"/goals/{NO_ID}", "body.episode_id", method="PUT", body=GOAL),
    Bad(f"/goals/{NO_ID}/end", "body.state", method="PUT", body={"state": SENTINEL}),
    Bad(f"/needs/{SENTINEL}/connection", "path.need_id", method="PUT"),
    Bad(f"/needs/{NO_ID}/no-connection", "body.reason_code", method="PUT", body={}),
    Bad(f"/participants/{SENTINEL}", "path.participant_id"),
    Bad(f"/intakes/{SENTINEL}/eligibility-history", "path.referral_id"),
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have one of everything; return the ids."""
    episode_id = await enrolled(app)
    [(referral_id,)] = await app.rows("SELECT referral_id FROM intake")
    await joins(app, referral_id, "manager-fern")
    goal = await set_goal(app, episode_id)
    return {
        "episode": str(episode_id),
        "referral": str(referral_id),
        "participant": str(await participant_of(app, referral_id)),
        "goal": goal.json()["id"],
        "need": await a_need(app, episode_id),
    }


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    nothing = filled(route, dict.fromkeys(ids, NO_ID))
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in ROUTES:
        for purpose in ("referral", "operations", "feedback", "nonsense"):
            await check_purpose_refused(app, route, purpose=purpose)


async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        answer = await app.as_("peer-willow").ask(
            bad.method, bad.path, params=bad.params, json=bad.body
        )
        assert is_correction(answer, where=bad.where)


async def test_an_enforcement_function_reaches_nothing_whatever_else_the_token_says(
    app: ServiceApp,
) -> None:
    ids = await world(app)
    officer = app.as_forged(roles=["case_manager", "coordinator", "peer"])
    found = []
    for route in ROUTES:
        asked = filled(route, ids)
        path = asked.path.replace("{new}", str(uuid7()))
        found.append(await officer.ask(asked.method, path, json=asked.body))

    assert same_refusal(found)
