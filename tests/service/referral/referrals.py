"""Referrals as tests make and read them through the service's own routes."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from services.referral.worker import make_work
from shared.messaging.timers import fire_due
from tests.service.apps import ServiceApp

MINIMAL = {"pathway": "officer_referral", "need": "substance_use"}
FULL = MINIMAL | {
    "person": {
        "name": "Test Participant Birch",
        "date_of_birth": "1990-01-31",
        "phone": "555-0142",
        "description": "green jacket, by the bus stop",
    },
    "meeting_place": "Test Square, north side",
    "willing": True,
    "note": "Has a dog called Comma.",
}
EVENTS = """
SELECT subject, aggregate_id, (body->>'aggregateversion')::int FROM outbox ORDER BY id
"""
HANDOFFS = "SELECT id, referral_id, state, version, accepted_by FROM handoff"
CREATED, DECIDED, REQUESTED, OFFERED, ESCALATED, ACCEPTED, EXPIRED = (
    f"deflection.{fact}.v1"
    for fact in (
        *("referral.created", "referral.eligibility_decided"),
        *("handoff.requested", "handoff.offered", "handoff.escalated"),
        *("handoff.accepted", "handoff.expired"),
    )
)
BEGUN = [CREATED, DECIDED, REQUESTED, OFFERED]  # what every referral tells when it is made


async def put(
    app: ServiceApp,
    referral_id: UUID,
    body: Any = None,
    *,
    who: str = "officer-hemlock",
) -> httpx.Response:
    return await app.as_(who).put(f"/referrals/{referral_id}", json=body or MINIMAL)


async def made(app: ServiceApp, body: Any = None, *, who: str = "officer-hemlock") -> UUID:
    """Make a referral and return its id."""
    referral_id = uuid7()
    answer = await put(app, referral_id, body, who=who)
    assert answer.status_code == 201, answer.text
    return referral_id


async def on_duty(app: ServiceApp, staff_id: str, role: str = "peer", *, hours: int = 12) -> None:
    """Put somebody on duty now."""
    [(now,)] = await app.rows("SELECT app_now()")
    shift = {
        "staff_id": staff_id,
        "role_code": role,
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=hours)).isoformat(),
    }
    administrator = app.as_("administrator-acacia", purpose="administration")
    answer = await administrator.put(f"/shifts/{uuid7()}", json=shift)
    assert answer.status_code == 200, answer.text


async def step(
    app: ServiceApp, referral_id: UUID, name: str, *, who: str, body: Any = None
) -> httpx.Response:
    """Take a step of the live handoff: departure, arrival, meeting, person-answer ..."""
    purpose = "referral" if who.startswith("officer") else "care_coordination"
    path = f"/referrals/{referral_id}/{name}"
    return await app.as_(who, purpose=purpose).put(path, json=body)


async def accept(app: ServiceApp, referral_id: UUID, *, who: str) -> httpx.Response:
    return await app.as_(who).put(f"/referrals/{referral_id}/acceptance")


async def read(
    app: ServiceApp, referral_id: UUID, *, who: str = "officer-hemlock"
) -> httpx.Response:
    return await app.as_(who).get(f"/referrals/{referral_id}")


async def status(app: ServiceApp, referral_id: UUID) -> str:
    answer = await read(app, referral_id)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["status"])


async def fire(app: ServiceApp) -> int:
    """Fire what is due, as the service's worker does."""
    return await fire_due(app.sessions, make_work().timers, service="referral")


async def told(app: ServiceApp, subject: str | None = None) -> list[tuple[Any, ...]]:
    """Return (subject, aggregate, version) of every event told so far, in order."""
    return [each for each in await app.rows(EVENTS) if subject in (None, each[0])]


async def due_at(app: ServiceApp) -> list[datetime]:
    return [due for (due,) in await app.rows("SELECT due_at FROM timer")]


async def the_handoff(app: ServiceApp) -> tuple[str, int, str | None]:
    [(_, _, state, version, accepted_by)] = await app.rows(HANDOFFS)
    return state, version, accepted_by


async def offered_to(app: ServiceApp) -> list[tuple[int, list[str]]]:
    rows = await app.rows(
        "SELECT body -> 'data' ->> 'rung', body -> 'data' -> 'offered_to_ids' FROM outbox"
        " WHERE subject = 'deflection.handoff.offered.v1' ORDER BY id"
    )
    return [(int(rung), people) for rung, people in rows]


def disguises(plain: str) -> set[str]:
    """Return how *plain* would look in a dump: as text, in hexadecimal, or in base64."""
    whole = plain.encode()
    # What base64 makes of a text depends on where it stands; the characters at its ends mix.
    base64s = {
        b64encode(b"\0" * skip + whole)[cut : (skip + len(whole)) * 4 // 3].decode()
        for skip, cut in ((0, 0), (1, 2), (2, 3))
    }
    texts = {plain, plain.upper(), plain.lower(), *base64s}
    return texts | {each.encode().hex() for each in texts} | {plain.encode("utf-16-le").hex()}
