"""Episodes, care teams, contacts, follow-ups and safe hours: who is answered, and who is not."""

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
from tests.service.casework.test_work import enrolled, followups

CARE = "care_coordination"
# The care team and its supervisor; peer-rowan works with other people.
THEIRS = ("coordinator-juniper", "manager-fern", "peer-willow")
MAY = dict.fromkeys(THEIRS, 200)
MAY_LIST = MAY | {"peer-rowan": 200, "manager-cedar": 200}
MANAGES = {"coordinator-juniper": 200, "manager-fern": 200}
STAFFS = dict.fromkeys(MANAGES, 204)
MEMBER = {"role_code": "peer"}
CONTACT = {
    "episode_id": "{episode}",
    "kind": "made",
    "mode_code": "in_person",
    "outcome_code": "reached",
    "started_at": "{now}",
}
SAFE = {
    "time_zone": "America/Los_Angeles",
    "from_time": "09:00",
    "until_time": "20:00",
    "mode_codes": ["phone_call"],
    "may_leave_message": False,
    "may_name_programme": False,
    "language_code": "en",
}
LISTS = (
    Route("GET", "/episodes", CARE, MAY_LIST),
    Route("GET", "/followups", CARE, MAY_LIST),
)
OF_ONE = (
    Route("GET", "/episodes/{episode}", CARE, MAY),
    Route("PUT", "/episodes/{episode}/enrolment", CARE, MAY),
    Route("PUT", "/episodes/{episode}/pause", CARE, MANAGES, {"reason_code": "in_hospital"}),
    Route("PUT", "/episodes/{episode}/closure", CARE, MANAGES, {"reason_code": "moved"}),
    Route("PUT", "/episodes/{closed}/reopening", CARE, MANAGES),
    Route("PUT", "/episodes/{episode}/care-team/peer-rowan", CARE, STAFFS, MEMBER),
    Route("DELETE", "/episodes/{episode}/care-team/peer-willow", CARE, STAFFS),
    Route("PUT", "/contacts/{new}", CARE, dict.fromkeys(THEIRS, 201), CONTACT),
    Route("GET", "/episodes/{episode}/contacts", CARE, MAY),
    Route("PUT", "/followups/{followup}/completion", CARE, MAY, {}),
    Route("PUT", "/intakes/{referral}/safe-contact", CARE, MAY, SAFE),
    Route("GET", "/intakes/{referral}/safe-contact", CARE, MAY),
)
ROUTES = (*LISTS, *OF_ONE)
BAD = (
    Bad("/episodes", "query.state", params={"state": SENTINEL}),
    Bad(f"/episodes/{SENTINEL}", "path.episode_id"),
    *(
        Bad(f"/episodes/{NO_ID}/{name}", "body.reason_code", "PUT", body={})
        for name in ("pause", "closure")
    ),
    Bad(f"/episodes/{SENTINEL}/enrolment", "path.episode_id", "PUT"),
    Bad(f"/episodes/{SENTINEL}/reopening", "path.episode_id", "PUT"),
    Bad(f"/episodes/{NO_ID}/care-team/{SENTINEL}", "path.staff_id", "PUT", body=MEMBER),
    Bad(f"/episodes/{NO_ID}/care-team/a", "body.role_code", "PUT", body={"role_code": SENTINEL}),
    Bad(f"/episodes/{NO_ID}/care-team/a", "body.role_code", "PUT", body={"role_code": "chief"}),
    Bad(f"/episodes/{NO_ID}/care-team/{SENTINEL}", "path.staff_id", "DELETE"),
    Bad(f"/contacts/{SENTINEL}", "path.contact_id", "PUT", body=CONTACT),
    Bad(f"/contacts/{NO_ID}", "body.kind", "PUT", body=CONTACT | {"kind": SENTINEL}),
    Bad("/followups", "query.state", params={"state": SENTINEL}),
    Bad(f"/followups/{NO_ID}/completion", "body.contact_id", "PUT", body={"contact_id": SENTINEL}),
    Bad(f"/intakes/{NO_ID}/safe-contact", "body.time_zone", "PUT", body={"time_zone": SENTINEL}),
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have an episode with its first follow-up, and one that is closed; return the ids."""
    closed, episode = await enrolled(app), await enrolled(app)
    for (referral_id,) in await app.rows("SELECT referral_id FROM episode"):
        await joins(app, referral_id, "manager-fern")
    ended = await app.as_("manager-fern").put(
        f"/episodes/{closed}/closure", json={"reason_code": "moved"}
    )
    assert ended.status_code == 200, ended.text
    [(referral,)] = await app.rows("SELECT referral_id FROM episode WHERE id = :id", id=episode)
    [(now,)] = await app.rows("SELECT app_now()")
    return {
        "now": now.isoformat(),
        "episode": str(episode),
        "closed": str(closed),
        "referral": str(referral),
        "followup": (await followups(app, episode))[0]["id"],
    }


@pytest.mark.parametrize("route", LISTS, ids=str)
async def test_a_list_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    nothing = filled(route, dict.fromkeys(ids, NO_ID) | {"now": ids["now"]})
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in named_nowhere(ROUTES):
        for purpose in ("referral", "operations", "nonsense"):
            await check_purpose_refused(app, route, purpose=purpose)


async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        answer = await app.as_("manager-fern").ask(
            bad.method, bad.path, params=bad.params, json=bad.body
        )
        assert is_correction(answer, where=bad.where), bad


async def test_an_enforcement_function_reaches_nothing_whatever_else_the_token_says(
    app: ServiceApp,
) -> None:
    ids = await world(app)
    officer = app.as_forged(roles=["case_manager", "coordinator", "peer"])
    found = []
    for route in ROUTES:
        asked = filled(route, ids | {"new": str(uuid7())})
        found.append(await officer.ask(asked.method, asked.path, json=asked.body))

    assert same_refusal(found)
