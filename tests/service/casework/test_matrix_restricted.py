"""A restricted record is closed on every route to everybody of the care staff who is not named."""

from types import ModuleType
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.casework.use_cases.raise_alarm import PROBES
from tests.service import matrix
from tests.service.access_tables import filled
from tests.service.apps import NO_ID, Route, ServiceApp, same_refusal
from tests.service.casework import (
    test_access,
    test_access_care,
    test_access_disclosure,
    test_access_people,
    test_access_records,
    test_access_work,
)
from tests.service.casework.records import restrict
from tests.service.statements import statements

MODULES = (
    test_access,
    test_access_care,
    test_access_disclosure,
    test_access_people,
    test_access_records,
    test_access_work,
)


async def routes_of(app: ServiceApp, module: ModuleType) -> list[Route]:
    """Make the module's world; return its rows of records, as asked about that world."""
    made = await module.world(app)
    rows = [
        row for row in module.ROUTES if matrix.closed_by_restriction("casework", row.path, row.body)
    ]
    if isinstance(made, tuple):
        ids, consent = made
        return [module.stated(row, ids, consent) for row in rows]
    return [filled(row, made) for row in rows]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
async def test_nobody_who_is_not_named_finds_anything(app: ServiceApp, module: ModuleType) -> None:
    routes = await routes_of(app, module)
    assert routes
    for (person,) in await app.rows("SELECT id FROM participant WHERE merged_into_id IS NULL"):
        answer = await restrict(app, UUID(str(person)), "somebody-else")
        assert answer.status_code == 200, answer.text

    for route in routes:
        found = []
        for who in filter(matrix.is_care, route.answered):
            asked = route.path.replace("{new}", str(uuid7()))
            asking = app.as_(who, purpose=route.purpose)
            found.append(await asking.ask(route.method, asked, json=route.body))
        assert not found or same_refusal(found), str(route)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
async def test_forbidden_and_missing_ask_the_database_the_same(
    app: ServiceApp, module: ModuleType
) -> None:
    routes = [each for each in await routes_of(app, module) if matrix.A_RECORD.search(each.path)]
    for (person,) in await app.rows("SELECT id FROM participant WHERE merged_into_id IS NULL"):
        await restrict(app, UUID(str(person)), "somebody-else")

    for _ in range(PROBES):  # with so many the privacy officer is told, whatever was asked for
        await app.as_("coordinator-juniper").get(f"/participants/{NO_ID}")
    for route in routes:
        asking = app.as_("coordinator-juniper", purpose=route.purpose)
        asked = route.path.replace("{new}", str(uuid7()))
        with statements(app) as forbidden:
            found = await asking.ask(route.method, asked, json=route.body)
        with statements(app) as missing:
            nothing = await asking.ask(
                route.method, matrix.A_RECORD.sub(NO_ID, asked), json=route.body
            )
        assert same_refusal([found, nothing]), str(route)
        assert forbidden == missing, str(route)
        assert len(forbidden) > 1
