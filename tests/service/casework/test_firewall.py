"""Whoever's work is enforcement finds nothing in casework, and the privacy officer hears of it."""

import asyncio
from datetime import timedelta

from tests.servers import Clock
from tests.service.apps import NO_ID, ServiceApp
from tests.service.casework.records import a_record

TOLD = """
SELECT body -> 'data' ->> 'staff_id' FROM outbox
WHERE subject = 'deflection.firewall.tried.v1' ORDER BY id
"""


async def told(app: ServiceApp) -> list[str]:
    return [str(staff_id) for (staff_id,) in await app.rows(TOLD)]


async def test_tries_of_a_day_are_told_once_for_each_whatever_was_asked_for(
    app: ServiceApp, clock: Clock
) -> None:
    person = await a_record(app)
    paths = (f"/participants/{person}", f"/participants/{NO_ID}", "/intakes", "/codes")

    for who in ("officer-hemlock", "prosecutor-laurel"):
        answers = await asyncio.gather(*(app.as_(who).get(path) for path in paths * 2))
        assert {each.status_code for each in answers} == {404}

    assert await told(app) == ["officer-hemlock", "prosecutor-laurel"]
    await clock.move(timedelta(days=1))
    await app.as_("officer-hemlock").get("/intakes")
    assert await told(app) == ["officer-hemlock", "prosecutor-laurel", "officer-hemlock"]


async def test_nobody_else_who_is_refused_raises_an_alarm(app: ServiceApp) -> None:
    person = await a_record(app)

    for who in ("peer-rowan", "medic-linden", "privacy-yarrow", "operator-spruce"):
        assert (await app.as_(who).get(f"/participants/{person}")).status_code == 404

    assert await told(app) == []


async def test_a_try_that_cannot_be_audited_is_neither_told_nor_answered(app: ServiceApp) -> None:
    await app.break_audit()

    answer = await app.as_("officer-hemlock").get("/intakes")

    assert answer.status_code == 503
    assert await told(app) == []
    assert await app.count("firewall_alarm") == 0
