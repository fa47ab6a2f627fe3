"""The live handoff, taking back and the lists: who is answered, and who is not."""

from typing import Any

import pytest

from tests.service.access_tables import filled, named_nowhere
from tests.service.apps import (
    SENTINEL,
    Bad,
    Route,
    ServiceApp,
    check_answers,
    check_missing,
    check_purpose_refused,
    is_correction,
)
from tests.service.referral.referrals import accept, made, on_duty, step

REFER, CARE = "referral", "care_coordination"
CARE_STAFF = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan")
REFERRERS = (
    *("officer-hemlock", "officer-sorrel", "officer-aspen"),
    *("medic-linden", "firefighter-maple", "librarian-elder"),
    *(*CARE_STAFF, "manager-cedar"),
)
# peer-willow is on duty, so the handoff was offered to them and to nobody else.
WAS_OFFERED = dict.fromkeys(CARE_STAFF, 409) | {"peer-willow": 204}
# peer-willow has accepted it; a coordinator may say it for them.
HAS_IT = {"coordinator-juniper": 200, "peer-willow": 200}
BUSY = {"reason_code": "busy"}
MISTAKE = {"reason_code": "made_by_mistake"}
LISTS = (
    Route("GET", "/referrals", REFER, dict.fromkeys(REFERRERS, 200)),
    Route("GET", "/handoffs", CARE, dict.fromkeys((*CARE_STAFF, "manager-cedar"), 200)),
)
OF_ONE = (
    Route("PUT", "/referrals/{offered}/decline", CARE, WAS_OFFERED, BUSY),
    Route("PUT", "/referrals/{accepted}/departure", CARE, HAS_IT),
    Route("PUT", "/referrals/{accepted}/arrival", CARE, HAS_IT),
    Route("PUT", "/referrals/{accepted}/meeting", CARE, HAS_IT),
    Route("PUT", "/referrals/{met}/person-answer", CARE, HAS_IT, {"agreed": True}),
    Route("PUT", "/referrals/{accepted}/officer-release", REFER, {"officer-hemlock": 204}),
    Route("PUT", "/referrals/{accepted}/officer-release", CARE, dict.fromkeys(HAS_IT, 204)),
    Route("PUT", "/referrals/{accepted}/withdrawal", REFER, {"officer-hemlock": 204}, MISTAKE),
    Route("PUT", "/referrals/{accepted}/withdrawal", CARE, {"coordinator-juniper": 204}, MISTAKE),
)
ROUTES = (*LISTS, *OF_ONE)
BAD = (
    Bad("/referrals", "query.limit", params={"limit": SENTINEL}),
    Bad("/handoffs", "query.limit", params={"limit": "101"}),
    *(
        Bad(f"/referrals/{SENTINEL}/{name}", "path.referral_id", method="PUT")
        for name in ("departure", "arrival", "meeting", "officer-release")
    ),
    *(
        Bad(f"/referrals/{SENTINEL}/{name}", where, method="PUT", body=body)
        for name, where, body in (
            ("decline", "body.reason_code", {"reason_code": SENTINEL}),
            ("decline", "body.note", BUSY | {"note": SENTINEL}),
            ("withdrawal", "body.reason_code", {"reason_code": SENTINEL}),
            ("person-answer", "body.agreed", {"agreed": SENTINEL}),
        )
    ),
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have a handoff that is offered, one that is accepted, and one whose person was met."""
    await on_duty(app, "peer-willow")
    ids = {name: await made(app) for name in ("offered", "accepted", "met")}
    for name in ("accepted", "met"):
        answer = await accept(app, ids[name], who="peer-willow")
        assert answer.status_code == 200, answer.text
    met = await step(app, ids["met"], "meeting", who="peer-willow")
    assert met.status_code == 200, met.text
    return {name: str(id_) for name, id_ in ids.items()}


@pytest.mark.parametrize("route", LISTS, ids=str)
async def test_a_list_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_handoff_is_moved_by_those_whose_it_is_and_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)

    refused = await check_answers(app, filled(route, ids))

    [nothing] = named_nowhere([route])
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    served: dict[str, set[str]] = {}
    for route in named_nowhere(ROUTES):
        served.setdefault(route.path, set()).add(route.purpose)
    for route in named_nowhere(ROUTES):
        for purpose in {REFER, CARE, "administration", "nonsense"} - served[route.path]:
            await check_purpose_refused(app, route, purpose=purpose)


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(
    app: ServiceApp, bad: Bad
) -> None:
    request: dict[str, Any] = {"params": bad.params, "json": bad.body}

    answer = await app.as_("peer-willow").ask(bad.method, bad.path, **request)

    assert is_correction(answer, where=bad.where)
