"""Consents, yeses, grants and the accounting: who is answered, and who is not."""

from dataclasses import replace
from typing import Any

import pytest

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
from tests.service.casework.gate import ask_grant, consent_body, consented, referred, say_yes
from tests.service.casework.intakes import participant_of

CARE = "care_coordination"
DELIVERY = "service_delivery"
CARE_STAFF = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan")
MAY = dict.fromkeys(CARE_STAFF, 200)
MAY_MAKE = dict.fromkeys(CARE_STAFF, 201)
YES = {"referral_id": "{referral}", "kind": "completed"}
TEXTS = Route("GET", "/consent-texts", CARE, MAY | {"manager-cedar": 200})
OF_ONE = (
    Route("PUT", "/consents/{new}", CARE, MAY_MAKE, {"referral_id": "{referral}"}),
    Route("PUT", "/consents/{consent}/revocation", CARE, MAY),
    Route("GET", "/participants/{participant}/consents", CARE, MAY),
    # The first says yes for the person; whoever comes later is told that once is enough.
    Route("PUT", "/officer-notices/{new}", CARE, MAY | {"coordinator-juniper": 201}, YES),
    Route("POST", "/disclosures/grants", DELIVERY, {"notify": 201}, {"notice_id": "{notice}"}),
    Route(
        "PUT",
        "/disclosures/{disclosure}/outcome",
        DELIVERY,
        {"notify": 200},
        {"outcome": "not_sent"},
    ),
    Route("GET", "/participants/{participant}/disclosures", CARE, MAY),
    Route("GET", "/participants/{participant}/disclosures", "privacy", {"privacy-yarrow": 200}),
)
ROUTES = (TEXTS, *OF_ONE)
ALSO_LATE = {"/officer-notices/{new}": dict.fromkeys(CARE_STAFF[1:], 409)}
BAD = (
    Bad(f"/consents/{SENTINEL}", "path.consent_id", method="PUT", body={}),
    Bad(f"/consents/{NO_ID}", "body.signed_by_code", method="PUT", body={}),
    Bad(f"/consents/{SENTINEL}/revocation", "path.consent_id", method="PUT"),
    Bad(f"/officer-notices/{NO_ID}", "body.kind", method="PUT", body={"kind": SENTINEL}),
    Bad(f"/participants/{SENTINEL}/consents", "path.participant_id"),
    Bad(f"/participants/{NO_ID}/disclosures", "query.limit", params={"limit": "101"}),
)


async def world(app: ServiceApp) -> tuple[dict[str, str], dict[str, Any]]:
    """Have one of everything; return the ids, and a whole consent."""
    referral_id, other = await referred(app), await referred(app)
    consent_id = await consented(app, referral_id)
    waiting = await say_yes(app, referral_id, "connected")
    await consented(app, other)
    told = await say_yes(app, other, "thank_you")
    granted = await ask_grant(app, told.json()["id"])
    ids = {
        "referral": str(referral_id),
        "participant": str(await participant_of(app, referral_id)),
        "consent": consent_id,
        "notice": waiting.json()["id"],
        "disclosure": granted.json()["disclosure_id"],
    }
    return ids, await consent_body(app, referral_id)


def stated(route: Route, ids: dict[str, str], consent: dict[str, Any]) -> Route:
    """Return the route with ids in its path and its body."""
    asked = filled(route, ids)
    body = consent | asked.body if route.path == "/consents/{new}" else asked.body
    answered = dict(route.answered) | ALSO_LATE.get(route.path, {})
    return replace(asked, answered=answered, body=body)


async def test_what_people_sign_is_shown_to_those_who_record_it(app: ServiceApp) -> None:
    await check_answers(app, TEXTS)
    [text] = (await app.as_("peer-willow").get("/consent-texts")).json()["items"]

    assert text["version"] == 1
    assert "take it back at any time" in text["en"]
    assert "retirarla en cualquier momento" in text["es"]


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_is_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids, consent = await world(app)
    asked = stated(route, ids, consent)

    refused = await check_answers(app, asked)

    nothing = stated(route, dict.fromkeys(ids, NO_ID), consent | {"referral_id": NO_ID})
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
    ids, consent = await world(app)
    roles = ["case_manager", "coordinator", "peer", "privacy_officer", "service"]
    found = []
    for sub in ("officer-hemlock", "notify"):
        officer = app.as_forged(sub=sub, roles=roles)
        for route in ROUTES:
            asked = stated(route, ids, consent)
            path = asked.path.replace("{new}", NO_ID)
            headers = {"Handoff-Purpose": asked.purpose}
            found.append(await officer.ask(asked.method, path, json=asked.body, headers=headers))

    assert same_refusal(found)
