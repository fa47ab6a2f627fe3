"""Composition root of the referral service."""

from fastapi import FastAPI

from services.referral.domain.county_policies import PolicyFileError, county_policies
from services.referral.routes import handoffs, policies, referrals, team
from services.referral.settings import Settings
from services.referral.worker import make_work
from shared.service import Only, ServiceParts, assemble
from shared.settings import SettingsError

DESCRIPTION = "Referrals by first responders, and the live handoff to the deflection team."


def make_app(settings: Settings, *, only: Only | None = None) -> FastAPI:
    """Return the service as one ASGI application; *only* leaves out the other half.

    Raises:
        SettingsError: a county policy cannot be used; the sentence names its file.
    """
    _check_county_policies()
    parts = ServiceParts(
        name="referral",
        description=DESCRIPTION,
        routers=(referrals.router, handoffs.router, team.router, policies.router),
        make_work=lambda _: make_work(),
        vault_keys=settings.vault_keys(),
    )
    return assemble(parts, settings, only=only)


def _check_county_policies() -> None:
    """Read every policy now: a wrong file stops the start instead of somebody's referral."""
    try:
        county_policies()
    except PolicyFileError as error:
        raise SettingsError(f"A county policy cannot be used: {error}") from error
