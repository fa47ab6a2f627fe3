"""Intakes and timelines as tests make them through the service's own handlers."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from services.casework.handlers.referral import open_intake_for_referral
from services.casework.store import episodes
from services.casework.worker import subscriptions
from shared.clock import app_now
from shared.db.session import Scope
from shared.events.base import Event
from shared.events.referral import ReferralCreated
from shared.messaging.delivery import Done, deliver_all
from tests.builders import PROGRAMME, a_referral_created
from tests.service.apps import ServiceApp

AT_MOST_PAGES = 50


async def handled(app: ServiceApp, events: Sequence[Event]) -> None:
    """Have every consumer of the service handle what it wants of *events*."""
    for subscription in subscriptions.all:
        wanted = [event for event in events if subscription.wants(event)]
        outcomes = await deliver_all(subscription, wanted, app.sessions)
        assert outcomes == [Done()] * len(wanted)


async def arrived(app: ServiceApp, **overrides: Any) -> ReferralCreated:
    """Have one referral arrive; return its event."""
    event = a_referral_created(**overrides)
    await open_intake_for_referral(event, app.sessions)
    return event


async def joins(app: ServiceApp, referral_id: UUID, *staff_ids: str) -> None:
    """Put somebody on the care team of the referral's episode."""
    async with app.sessions.begin(Scope(PROGRAMME, "test")) as session:
        episode = await episodes.of_referral(session, referral_id=referral_id)
        assert episode is not None
        now = await app_now(session)
        for staff_id in staff_ids:
            await episodes.join_team(
                session, episode, staff_id=staff_id, role_code="case_manager", now=now
            )


async def participant_of(app: ServiceApp, referral_id: UUID) -> UUID:
    [(participant_id,)] = await app.rows(
        "SELECT participant_id FROM participant_referral WHERE referral_id = :id", id=referral_id
    )
    return UUID(str(participant_id))


async def pages(
    app: ServiceApp, path: str, *, limit: int, who: str = "peer-willow"
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the items of each page, from the first to the last."""
    params: dict[str, str | int] = {"limit": limit}
    for _ in range(AT_MOST_PAGES):
        answer = await app.as_(who).get(path, params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page["items"]
        if page["next"] is None:
            return
        params["cursor"] = page["next"]
    raise AssertionError("the pages never end")
