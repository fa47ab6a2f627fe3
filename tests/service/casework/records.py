"""Records as tests make them: whose they are, who works with the person, who opened one."""

from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from tests.service.apps import ServiceApp
from tests.service.casework.intakes import participant_of
from tests.service.casework.test_work import enrolled

REASON = "Made up: found unconscious, the medics ask what he takes"


async def a_record(app: ServiceApp, *, by: str = "peer-willow") -> UUID:
    """Have somebody referred, accepted and enrolled; return whose record it is."""
    episode_id = await enrolled(app, by=by)
    [(referral_id,)] = await app.rows(
        "SELECT referral_id FROM episode WHERE id = :id", id=episode_id
    )
    return await participant_of(app, referral_id)


async def restrict(
    app: ServiceApp,
    person: UUID,
    *staff_ids: str,
    who: str = "coordinator-juniper",
    purpose: str | None = None,
) -> httpx.Response:
    path, body = f"/participants/{person}/restriction", {"staff_ids": list(staff_ids)}
    return await app.as_(who, purpose=purpose).put(path, json=body)


async def lift(app: ServiceApp, person: UUID, *, who: str, purpose: str) -> httpx.Response:
    return await app.as_(who, purpose=purpose).put(f"/participants/{person}/restriction/lifting")


async def break_glass(
    app: ServiceApp, person: UUID, *, who: str, id_: UUID | None = None, reason: str = REASON
) -> httpx.Response:
    path = f"/participants/{person}/break-glass-accesses/{id_ or uuid7()}"
    return await app.as_(who).put(path, json={"reason": reason})


async def statuses(app: ServiceApp, path: str, *who: str) -> dict[str, int]:
    return {each: (await app.as_(each).get(path)).status_code for each in who}
