"""Composition root of the casework service."""

from fastapi import FastAPI

from services.casework.routes import (
    access,
    consents,
    disclosures,
    episodes,
    feedback,
    goals,
    intakes,
    matches,
    participants,
    timeline_stream,
    timelines,
    work,
)
from services.casework.settings import Settings
from services.casework.use_cases.raise_alarm import raise_alarm
from services.casework.worker import make_work
from shared.service import Only, ServiceParts, assemble

DESCRIPTION = "Participants, their intakes and their timelines, for peers and case managers."


def make_app(settings: Settings, *, only: Only | None = None) -> FastAPI:
    """Return the service as one ASGI application; *only* leaves out the other half."""
    parts = ServiceParts(
        name="casework",
        description=DESCRIPTION,
        routers=(
            intakes.router,
            participants.router,
            timelines.router,
            timeline_stream.router,
            matches.router,
            episodes.router,
            work.router,
            goals.router,
            access.router,
            consents.router,
            disclosures.router,
            feedback.router,
        ),
        on_denied=raise_alarm,
        make_work=lambda means: make_work(settings, means),
        vault_keys=settings.vault_keys(),
    )
    return assemble(parts, settings, only=only)
