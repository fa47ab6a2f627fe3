"""Composition root of the referral service."""

from fastapi import FastAPI

from services.referral.routes import handoffs, referrals, team
from services.referral.settings import Settings
from services.referral.worker import make_work
from shared.service import Only, ServiceParts, assemble

DESCRIPTION = "Referrals by first responders, and the live handoff to the deflection team."


def make_app(settings: Settings, *, only: Only | None = None) -> FastAPI:
    """Return the service as one ASGI application; *only* leaves out the other half."""
    parts = ServiceParts(
        name="referral",
        description=DESCRIPTION,
        routers=(referrals.router, handoffs.router, team.router),
        make_work=lambda _: make_work(),
        vault_key=settings.key_encryption_key.get_secret_value(),
    )
    return assemble(parts, settings, only=only)
