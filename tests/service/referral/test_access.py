"""Every route of referral: who is answered, who is not, and what a wrong request is told."""

import json
from typing import Any
from uuid import uuid4

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
)
from tests.service.code_routes import codes
from tests.service.operation_routes import bad_operations, operations
from tests.service.referral.referrals import FULL, MINIMAL, made

JSON = {"Content-Type": "application/json"}
CONSUMER = "referral-probe"
FIRST_RESPONDERS = (
    *("officer-hemlock", "officer-sorrel", "officer-aspen"),
    *("medic-linden", "firefighter-maple", "librarian-elder"),
)
ALDERS_CARE = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan")
MAY_REFER = dict.fromkeys((*FIRST_RESPONDERS, *ALDERS_CARE, "manager-cedar"), 201)
MAY_READ = dict.fromkeys(ALDERS_CARE, 200)
FIRST_WINS = {
    "coordinator-juniper": 200,
    "manager-fern": 409,
    "peer-willow": 409,
    "peer-rowan": 409,
}
ONE = "/referrals/{referral}"
PUT = Route("PUT", "/referrals/{new}", "referral", MAY_REFER, MINIMAL)
OF_ONE = (
    Route("GET", ONE, "referral", MAY_READ | {"officer-hemlock": 200}),
    Route("GET", ONE, "care_coordination", MAY_READ),
    Route("PUT", f"{ONE}/acceptance", "care_coordination", FIRST_WINS),
    Route("GET", f"{ONE}/identity-packet", "service_delivery", {"casework": 200}),
)
OPERATIONS = operations("referral", CONSUMER)
CODES = codes("referral")
ROUTES = (PUT, *OF_ONE, *OPERATIONS, *CODES)
SERVED = {
    PUT.path: {"referral"},
    ONE: {"referral", "care_coordination"},
    f"{ONE}/acceptance": {"care_coordination"},
    f"{ONE}/identity-packet": {"service_delivery"},
    "/journal": {"service_delivery", "operations"},
    f"/journal/{NO_ID}": {"service_delivery", "operations"},
}

BODIES: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "body.need"),
    "no pathway": ({"need": "both"}, "body.pathway"),
    "no need": ({"pathway": "officer_referral"}, "body.need"),
    "another pathway": (MINIMAL | {"pathway": SENTINEL}, "body.pathway"),
    "another need": (MINIMAL | {"need": SENTINEL}, "body.need"),
    "an unknown field": (MINIMAL | {"arrest_first": SENTINEL}, "body.arrest_first"),
    "an unknown field with a name in it": (MINIMAL | {SENTINEL: 1}, "body.(unknown)"),
    "an unknown field of the person": (
        MINIMAL | {"person": {"nickname": SENTINEL}},
        "body.person.nickname",
    ),
    "a person who is text": (MINIMAL | {"person": SENTINEL}, "body.person"),
    "an empty name": (MINIMAL | {"person": {"name": " "}}, "body.person.name"),
    "a long name": (MINIMAL | {"person": {"name": SENTINEL * 20}}, "body.person.name"),
    "a phone with words": (MINIMAL | {"person": {"phone": SENTINEL}}, "body.person.phone"),
    "a birthday in words": (
        MINIMAL | {"person": {"date_of_birth": SENTINEL}},
        "body.person.date_of_birth",
    ),
    "a long note": (MINIMAL | {"note": SENTINEL * 100}, "body.note"),
    "half a character": (MINIMAL | {"note": "Birch \ud800"}, "body.note"),
    "willing to a degree": (MINIMAL | {"willing": SENTINEL}, "body.willing"),
    "a list": ([SENTINEL], "body"),
    "text": (SENTINEL, "body"),
    "null": (None, "body"),
}
BAD = (
    Bad(f"/referrals/{SENTINEL}", "path.referral_id", method="PUT", body=MINIMAL),
    Bad(f"/referrals/{uuid4()}", "path.referral_id", method="PUT", body=MINIMAL),
    Bad(f"/referrals/{SENTINEL}", "path.referral_id"),
    Bad(f"/referrals/{SENTINEL}/acceptance", "path.referral_id", method="PUT"),
    Bad(f"/referrals/{SENTINEL}/identity-packet", "path.referral_id"),
)


@pytest.mark.parametrize("route", [PUT, *OPERATIONS, *CODES], ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_referral_is_shown_to_those_whose_work_it_is_and_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    referral_id = str(await made(app, FULL))

    refused = await check_answers(app, route, path=route.path.format(referral=referral_id))
    await check_missing(app, route, missing=route.path.format(referral=NO_ID), refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    purposes = {"referral", "care_coordination", "operations", "service_delivery", "nonsense"}
    for route in (PUT, *OF_ONE, *OPERATIONS):
        asked = Route(
            route.method, route.path.format(referral=NO_ID, new=NO_ID), "", {}, route.body
        )
        for purpose in purposes - SERVED.get(route.path, {"operations"}):
            await check_purpose_refused(app, asked, purpose=purpose)
    for route in CODES:
        await check_purpose_refused(app, route, purpose="nonsense")


async def test_a_wrong_body_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for name, (body, where) in BODIES.items():
        content = json.dumps(body)  # escapes what UTF-8 cannot say
        answer = await app.as_("officer-hemlock").put(
            f"/referrals/{uuid7()}", content=content, headers=JSON
        )
        assert is_correction(answer, where=where), name
    assert await app.count("referral") == 0


async def test_a_body_that_is_no_json_is_told_so_and_not_repeated(app: ServiceApp) -> None:
    asking = app.as_("officer-hemlock")
    for content in (b"", b'{"note": "Test Participant Birch', b"pathway=Birch", b"Birch"):
        answer = await asking.put(f"/referrals/{uuid7()}", content=content, headers=JSON)
        assert is_correction(answer, where="body"), content
    refused = {b"\xff\xfeBirch": "/problems/bad-request", b"[" * 60_000: "/problems/too-deep"}
    for content, kind in refused.items():
        answer = await asking.put(f"/referrals/{uuid7()}", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["type"]) == (400, kind)


async def test_a_wrong_id_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        asking = app.as_("officer-hemlock")
        answer = await asking.ask(bad.method, bad.path, json=bad.body)
        assert is_correction(answer, where=bad.where)


@pytest.mark.parametrize("bad", bad_operations(CONSUMER), ids=range(11))
async def test_a_wrong_request_to_an_operations_route_is_told_what_to_mend(
    app: ServiceApp, bad: Bad
) -> None:
    operator = app.as_("operator-spruce", purpose="operations")

    answer = await operator.ask(bad.method, bad.path, params=bad.params)

    assert is_correction(answer, where=bad.where)
