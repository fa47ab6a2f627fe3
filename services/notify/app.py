"""Composition root of the notify service."""

from fastapi import FastAPI

from services.notify.routes import addresses, deliveries, feedback, notices
from services.notify.settings import Settings
from services.notify.worker import make_work
from shared.service import Only, ServiceParts, assemble

DESCRIPTION = "Notices to members of staff: no fact about a participant, no personal text."


def make_app(settings: Settings, *, only: Only | None = None) -> FastAPI:
    """Return the service as one ASGI application; *only* leaves out the other half."""
    parts = ServiceParts(
        name="notify",
        description=DESCRIPTION,
        routers=(notices.router, addresses.router, deliveries.router, feedback.router),
        make_work=lambda means: make_work(settings, means),
    )
    return assemble(parts, settings, only=only)
