"""Consents, yeses and grants as tests ask for them, through the routes alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from tests.service.apps import Asking, ServiceApp
from tests.service.casework.intakes import arrived

OFFICER = "officer-hemlock"
ALL_KINDS = ("connected", "working_together", "completed", "thank_you")


async def referred(app: ServiceApp, *, by: str | None = OFFICER) -> UUID:
    event = await arrived(app, referred_by=by, agency_id="hemlock-police" if by else None)
    return event.referral_id


async def consent_body(
    app: ServiceApp, referral_id: UUID, *, holds: timedelta = timedelta(days=90), **stated: Any
) -> dict[str, Any]:
    [(now,)] = await app.rows("SELECT app_now()")
    return {
        "referral_id": str(referral_id),
        "kind": "officer_notice",
        "recipient_kind": "referrer",
        "recipient_id": OFFICER,
        "purpose_code": "tell_referrer",
        "content_codes": list(ALL_KINDS),
        "expires_at": (now + holds).isoformat(),
        "language_code": "es",
        "text_version": 1,
        "signed_by_code": "participant",
    } | stated


async def put_consent(
    app: ServiceApp, referral_id: UUID, *, id_: UUID | None = None, **stated: Any
) -> httpx.Response:
    body = await consent_body(app, referral_id, **stated)
    return await app.as_("peer-willow").put(f"/consents/{id_ or uuid7()}", json=body)


async def consented(app: ServiceApp, referral_id: UUID, **stated: Any) -> str:
    """Have the person consent; return the consent's id."""
    answer = await put_consent(app, referral_id, **stated)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def revoke(app: ServiceApp, consent_id: str) -> httpx.Response:
    return await app.as_("manager-fern").put(f"/consents/{consent_id}/revocation")


async def say_yes(
    app: ServiceApp, referral_id: UUID, kind: str = "connected", *, id_: UUID | None = None
) -> httpx.Response:
    body = {"referral_id": str(referral_id), "kind": kind}
    return await app.as_("peer-willow").put(f"/officer-notices/{id_ or uuid7()}", json=body)


def notify(app: ServiceApp) -> Asking:
    return app.as_("notify", purpose="service_delivery", programme="alder-county")


async def ask_grant(app: ServiceApp, notice_id: str) -> httpx.Response:
    return await notify(app).post("/disclosures/grants", json={"notice_id": notice_id})


def said(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and, of a refusal, its type."""
    return answer.status_code, str(answer.json().get("type", "")).rsplit("/", maxsplit=1)[-1]
