"""Ladder, shifts, staff, the programme and the county policies: who is answered, and who is not."""

import pytest

from deploy.identity.staff import ACCOUNTS
from shared.policy.actor import Purpose
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
from tests.service.referral.referrals import on_duty

ADMIN, CARE = "administration", "care_coordination"
CARE_STAFF = ("coordinator-juniper", "manager-fern", "peer-willow", "peer-rowan", "manager-cedar")
SETS_UP = {"coordinator-juniper": 200, "administrator-acacia": 200}
READS = dict.fromkeys(CARE_STAFF, 200)
EVERYBODY = dict.fromkeys(ACCOUNTS, 200)
LADDER = {"rungs": [{"role_code": "peer", "wait_minutes": 5}]}
SHIFT = {
    "staff_id": "peer-rowan",
    "role_code": "peer",
    "starts_at": "2030-01-01T08:00:00-08:00",
    "ends_at": "2030-01-01T20:00:00-08:00",
}
MEMBER = {"role_codes": ["peer"], "active": True}
PROGRAMME = {"policy_id": "lane", "time_zone": "America/Los_Angeles"}
TEAM = (
    Route("PUT", "/ladder", ADMIN, SETS_UP, LADDER),
    Route("PUT", "/shifts/{new}", ADMIN, SETS_UP, SHIFT),
    Route("PUT", "/staff/peer-rowan", ADMIN, SETS_UP, MEMBER),
    Route("PUT", "/programme", ADMIN, SETS_UP, PROGRAMME),
    *(
        Route("GET", path, purpose, may)
        for path in ("/ladder", "/shifts", "/staff", "/programme")
        for purpose, may in ((ADMIN, SETS_UP), (CARE, READS))
    ),
)
# Whoever takes it off first does; to everybody after them there is no such shift.
DELETE = Route("DELETE", "/shifts/{shift}", ADMIN, {"coordinator-juniper": 204})
POLICIES = (
    Route("GET", "/eligibility-policies", "referral", EVERYBODY),
    Route("GET", "/eligibility-policies", "privacy", EVERYBODY),
    Route("GET", "/eligibility-policies/lane", "referral", EVERYBODY),
    Route("GET", "/eligibility-policies/lane", "feedback", EVERYBODY),
    Route("GET", "/eligibility-policies/atlantis", "referral", {}),
)
ROUTES = (*TEAM, DELETE, *POLICIES)
BAD = (
    Bad("/ladder", "body.rungs.0.role_code", "PUT", body={"rungs": [{"role_code": SENTINEL}]}),
    Bad("/ladder", "body.rungs", "PUT", body={"rungs": []}),
    Bad(f"/shifts/{SENTINEL}", "path.shift_id", "PUT", body=SHIFT),
    Bad(f"/shifts/{NO_ID}", "body.role_code", "PUT", body=SHIFT | {"role_code": SENTINEL}),
    Bad(f"/shifts/{NO_ID}", "body", "PUT", body=SHIFT | {"ends_at": SHIFT["starts_at"]}),
    Bad(f"/shifts/{SENTINEL}", "path.shift_id", "DELETE"),
    Bad("/shifts", "query.limit", params={"limit": "0"}),
    Bad(f"/staff/{SENTINEL}", "path.staff_id", "PUT", body=MEMBER),
    Bad("/staff/peer-rowan", "body.telephone", "PUT", body=MEMBER | {"telephone": SENTINEL}),
    Bad("/programme", "body.policy_id", "PUT", body=PROGRAMME | {"policy_id": SENTINEL}),
    Bad("/programme", "body.time_zone", "PUT", body=PROGRAMME | {"time_zone": SENTINEL}),
    Bad(f"/eligibility-policies/{SENTINEL}", "path.county"),
)


@pytest.mark.parametrize("route", [*TEAM, *POLICIES], ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


async def test_a_shift_is_taken_off_once_by_who_may_and_missing_to_everybody_else(
    app: ServiceApp,
) -> None:
    await on_duty(app, "peer-willow")
    [(shift,)] = await app.rows("SELECT id FROM shift")

    refused = await check_answers(app, filled(DELETE, {"shift": str(shift)}))

    [nothing] = named_nowhere([DELETE])
    await check_missing(app, nothing, missing=nothing.path, refused=refused)


async def test_an_administrator_takes_a_shift_off_too_and_a_peer_does_not(app: ServiceApp) -> None:
    await on_duty(app, "peer-willow")
    [(shift,)] = await app.rows("SELECT id FROM shift")

    tried = [
        (await app.as_(who, purpose=ADMIN).ask("DELETE", f"/shifts/{shift}")).status_code
        for who in ("peer-willow", "officer-hemlock", "operator-spruce", "administrator-acacia")
    ]

    assert tried == [404, 404, 404, 204]
    assert await app.count("shift") == 0


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in named_nowhere((*TEAM, DELETE)):
        also = {CARE} if route.method != "GET" else set()
        for purpose in {"referral", "operations", "nonsense"} | also:
            await check_purpose_refused(app, route, purpose=purpose)
    for route in POLICIES:
        await check_purpose_refused(app, route, purpose="nonsense")


async def test_the_county_policies_are_read_for_every_purpose(app: ServiceApp) -> None:
    for purpose in Purpose:
        answer = await app.as_("partner-poplar", purpose=purpose).get("/eligibility-policies")
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(
    app: ServiceApp, bad: Bad
) -> None:
    asking = app.as_("administrator-acacia", purpose=ADMIN)

    answer = await asking.ask(bad.method, bad.path, params=bad.params, json=bad.body)

    assert is_correction(answer, where=bad.where)
