"""Every route of casework: who is answered, who is not, and enforcement never."""

import pytest

from tests.builders import a_story
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
from tests.service.casework.intakes import handled, joins, participant_of
from tests.service.code_routes import codes
from tests.service.operation_routes import bad_operations, operations

CONSUMER = "casework-intake"
# The care team and its supervisor; peer-rowan works with other people.
MAY_READ = dict.fromkeys(("coordinator-juniper", "manager-fern", "peer-willow"), 200)
MAY_LIST = MAY_READ | {"peer-rowan": 200, "manager-cedar": 200}
LIST = Route("GET", "/intakes", "care_coordination", MAY_LIST)
OF_ONE = (
    Route("GET", "/intakes/{referral}", "care_coordination", MAY_READ),
    Route("GET", "/participants/{participant}/timeline", "care_coordination", MAY_READ),
)
OPERATIONS = operations("casework", CONSUMER)
CODES = codes("casework")
ROUTES = (LIST, *OF_ONE, *OPERATIONS, *CODES)
JOURNAL = ("/journal", f"/journal/{NO_ID}")
BAD = (
    Bad("/intakes", "query.limit", params={"limit": "0"}),
    Bad("/intakes", "query.limit", params={"limit": SENTINEL}),
    Bad(f"/intakes/{SENTINEL}", "path.referral_id"),
    Bad("/codes/Birch", "path.list_id"),
    Bad(f"/participants/{SENTINEL}/timeline", "path.participant_id"),
    Bad(f"/participants/{NO_ID}/timeline", "query.limit", params={"limit": "201"}),
)
OFFICERS_CLAIMS: tuple[dict[str, object], ...] = (
    {},
    {"roles": ["case_manager"]},
    {"roles": ["case_manager", "coordinator", "peer", "operator", "service"]},
    {"roles": ["service"], "sub": "casework", "programme": "alder-county"},
)


async def world(app: ServiceApp) -> dict[str, str]:
    """Have one referral of alder-county arrive, with its whole story; return the ids."""
    story = a_story()
    await handled(app, story)
    referral_id = story[0].aggregate_id
    await joins(app, referral_id, "manager-fern")
    participant_id = await participant_of(app, referral_id)
    return {"referral": str(referral_id), "participant": str(participant_id)}


@pytest.mark.parametrize("route", [LIST, *OPERATIONS, *CODES], ids=str)
async def test_a_route_answers_those_whose_work_it_is_and_nobody_else(
    app: ServiceApp, route: Route
) -> None:
    await check_answers(app, route)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_a_record_is_shown_to_those_whose_work_it_is_and_missing_to_everybody_else(
    app: ServiceApp, route: Route
) -> None:
    ids = await world(app)
    nobody = dict.fromkeys(ids, NO_ID)

    refused = await check_answers(app, route, path=route.path.format(**ids))
    await check_missing(app, route, missing=route.path.format(**nobody), refused=refused)


async def test_a_purpose_that_a_route_does_not_serve_is_refused(app: ServiceApp) -> None:
    for route in (LIST, *OF_ONE):
        asked = Route("GET", route.path.format(referral=NO_ID, participant=NO_ID), "", {})
        for purpose in ("referral", "operations", "service_delivery", "nonsense"):
            await check_purpose_refused(app, asked, purpose=purpose)
    for route in CODES:
        await check_purpose_refused(app, route, purpose="nonsense")
    for route in OPERATIONS:
        also = () if route.path in JOURNAL else ("service_delivery",)
        for purpose in ("referral", "care_coordination", *also):
            await check_purpose_refused(app, route, purpose=purpose)


async def test_a_wrong_request_is_told_what_to_mend_and_not_what_it_said(app: ServiceApp) -> None:
    for bad in BAD:
        answer = await app.as_("peer-willow").ask(bad.method, bad.path, params=bad.params)
        assert is_correction(answer, where=bad.where)


@pytest.mark.parametrize("bad", bad_operations(CONSUMER), ids=range(11))
async def test_a_wrong_request_to_an_operations_route_is_told_what_to_mend(
    app: ServiceApp, bad: Bad
) -> None:
    operator = app.as_("operator-spruce", purpose="operations")

    answer = await operator.ask(bad.method, bad.path, params=bad.params)

    assert is_correction(answer, where=bad.where)


@pytest.mark.parametrize("claims", OFFICERS_CLAIMS, ids=range(4))
async def test_an_enforcement_function_reaches_nothing_whatever_else_the_token_says(
    app: ServiceApp, claims: dict[str, object]
) -> None:
    ids = await world(app)
    officer = app.as_forged(**claims)
    routes = [(route.method, route.path.format(**ids), route.purpose) for route in ROUTES]

    found = [
        await officer.ask(method, path, headers={"Handoff-Purpose": purpose})
        for method, path, purpose in routes
    ]
    missing = await app.as_("peer-willow").get(f"/intakes/{NO_ID}")

    assert same_refusal([*found, missing])
    tries = (await app.audited())[:-1]
    assert len(tries) == len(routes)
    assert {row[3:] for row in tries} == {("denied", "enforcement_never_in_casework")}


async def test_every_read_and_every_denial_leaves_one_entry_and_no_more(app: ServiceApp) -> None:
    ids = await world(app)
    paths = [
        "/intakes",
        f"/intakes/{ids['referral']}",
        f"/participants/{ids['participant']}/timeline",
    ]

    for path in paths:
        for who in ("peer-willow", "manager-cedar", "operator-spruce"):
            await app.as_(who).get(path)

    entries = [(row[0], row[1], row[3]) for row in await app.audited()]
    actions = ("list_intakes", "read_intake", "read_timeline")
    assert entries == [
        (who, action, "denied" if refused else "allowed")
        for action in actions
        for who, refused in (
            ("peer-willow", False),
            ("manager-cedar", action != "list_intakes"),
            ("operator-spruce", True),
        )
    ]


async def test_without_an_audit_entry_nothing_is_shown(app: ServiceApp) -> None:
    ids = await world(app)
    await app.break_audit()
    paths = [
        "/intakes",
        f"/intakes/{ids['referral']}",
        f"/participants/{ids['participant']}/timeline",
    ]

    found = [
        await asking.get(path)
        for path in (*paths, f"/intakes/{NO_ID}")
        for asking in (app.as_("peer-willow"), app.as_("operator-spruce"), app.as_forged())
    ]

    assert {each.status_code for each in found} == {503}
    assert {each.content for each in found} == {found[0].content}
    assert ids["referral"] not in found[0].text
