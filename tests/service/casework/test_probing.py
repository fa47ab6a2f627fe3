"""Whoever asks for one record after the other that is not theirs is told of, once a day."""

from datetime import timedelta

from uuid_utils.compat import uuid7

from services.casework.use_cases.raise_alarm import PROBES
from tests.servers import Clock
from tests.service.apps import ServiceApp
from tests.service.casework.records import a_record

TOLD = """
SELECT body -> 'data' ->> 'staff_id' FROM outbox
WHERE subject = 'deflection.probing.noticed.v1' ORDER BY id
"""


async def told(app: ServiceApp) -> list[str]:
    return [str(staff_id) for (staff_id,) in await app.rows(TOLD)]


async def probes(app: ServiceApp, who: str, *, times: int) -> None:
    for _ in range(times):
        answer = await app.as_(who).get(f"/participants/{uuid7()}")
        assert answer.status_code == 404


async def test_the_twentieth_refusal_within_minutes_is_told_and_no_more_that_day(
    app: ServiceApp, clock: Clock
) -> None:
    await probes(app, "peer-rowan", times=PROBES - 1)
    assert await told(app) == []

    await probes(app, "peer-rowan", times=3)
    assert await told(app) == ["peer-rowan"]

    await clock.move(timedelta(days=1))
    await probes(app, "peer-rowan", times=1)
    assert await told(app) == ["peer-rowan", "peer-rowan"]


async def test_refusals_of_others_and_of_long_ago_do_not_count(app: ServiceApp) -> None:
    await probes(app, "peer-rowan", times=PROBES - 1)
    await app.rows(
        "UPDATE audit_entry SET id = ('00000000' || substr(id::text, 9))::uuid RETURNING 1"
    )
    await probes(app, "manager-fern", times=PROBES - 1)
    await probes(app, "peer-rowan", times=1)

    assert await told(app) == []


async def test_what_somebody_may_read_does_not_count(app: ServiceApp) -> None:
    person = await a_record(app)
    await probes(app, "coordinator-juniper", times=PROBES - 1)
    for _ in range(3):
        answer = await app.as_("coordinator-juniper").get(f"/participants/{person}")
        assert answer.status_code == 200

    assert await told(app) == []
