"""No route without a row in its service's tables of access, and no row without a route."""

import pytest
from fastapi import FastAPI

from deploy.contracts.openapi import application
from deploy.identity.staff import ACCOUNTS
from shared.policy.explain import permitting_rules
from tests.architecture.rules import service_names
from tests.architecture.test_routes import guarded_routes
from tests.service import matrix
from tests.service.access_tables import (
    ANSWERED_ELSEWHERE,
    Declared,
    gaps,
    named_nowhere,
    route_of,
    table_of,
)
from tests.service.apps import NO_ID, Route, ServiceApp, check_token_needed


def declared(app: FastAPI) -> list[Declared]:
    return [
        (method, str(route.path))
        for route in guarded_routes(app)
        for method in sorted(route.methods or ())
    ]


@pytest.mark.parametrize("service", service_names())
def test_every_route_has_a_row_and_every_row_a_route(service: str) -> None:
    routes, rows = declared(application(service)), table_of(service)

    assert routes
    assert list(gaps(routes, rows)) == []


@pytest.mark.parametrize("service", service_names())
def test_a_new_route_without_a_row_is_found(service: str) -> None:
    app = application(service)
    app.add_api_route("/pears/{pear}", lambda: None, methods=["GET"])

    assert list(gaps(declared(app), table_of(service))) == ["GET /pears/{pear} has no row"]


@pytest.mark.parametrize("service", service_names())
def test_the_rows_of_any_route_are_missed_when_they_are_taken_away(service: str) -> None:
    routes, rows = declared(application(service)), table_of(service)

    for each in routes:
        others = [row for row in rows if route_of(row, routes) != each]
        assert list(gaps(routes, others)) == [f"{' '.join(each)} has no row"]


def test_a_row_that_answers_nobody_and_a_row_of_no_route_are_found() -> None:
    routes = [("GET", "/pears"), ("PUT", "/pears/{pear}"), ("PUT", "/pears/ripe")]
    rows = [
        Route("GET", "/pears", "referral", {"peer-willow": 200}),
        Route("PUT", f"/pears/{NO_ID}", "referral", {}),
        Route("PUT", "/pears/{new}/core", "referral", {"peer-willow": 200}),
    ]

    assert list(gaps(routes, rows)) == [
        "PUT /pears/{new}/core is no route",
        "PUT /pears/{pear} has no row in which somebody is answered",
        "PUT /pears/ripe has no row",
    ]


async def test_no_route_of_any_service_answers_without_a_token(each_service: ServiceApp) -> None:
    rows = table_of(each_service.service)

    assert rows
    for route in named_nowhere(rows):
        await check_token_needed(each_service, route)


def test_the_matrix_is_large_and_has_every_condition() -> None:
    counted = [matrix.cells(service) for service in service_names()]

    assert tuple(service_names()) == tuple(sorted(matrix.SERVICES))
    assert sum(sum(each.values()) for each in counted) >= 2000
    for condition in counted[0]:
        assert any(each[condition] for each in counted), condition


# In the tables' world there is nothing here for some of those who may: no notice to them, no
# address of theirs, no shift left after the first has ended it.
ANSWERED_IN_PART = frozenset(
    {"/notices/{notice_id}/reading", "/delivery-addresses/{staff_id}", "/shifts/{shift_id}"}
)


@pytest.mark.parametrize("service", service_names())
def test_whom_the_documents_name_is_whom_the_tables_answer(service: str) -> None:
    app = application(service)
    routes, rows = declared(app), table_of(service)
    open_rules = {rule.id for rule in permitting_rules() if not rule.roles}

    for method, path in routes:
        operation = app.openapi()["paths"][path][method.lower()]
        named = set(operation["x-handoff-roles"])
        answered = roles_answered((method, path), routes, rows)
        if not open_rules & set(operation["x-handoff-rules"]):
            assert answered <= named, path
        if path not in ANSWERED_IN_PART | ANSWERED_ELSEWHERE.keys():
            assert named <= answered, path


def roles_answered(route: Declared, routes: list[Declared], rows: tuple[Route, ...]) -> set[str]:
    return {
        role
        for row in rows
        if route_of(row, routes) == route
        for who in row.answered
        for role in ACCOUNTS[who].actor.roles
    }
