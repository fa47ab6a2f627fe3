"""Escalate a handoff that nobody has acknowledged in time."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral import store
from shared.clock import app_now
from shared.events.referral import HandoffEscalated
from shared.messaging import outbox
from shared.messaging.timers import Timer

FIRST_RUNG = 1


async def escalate_handoff(session: AsyncSession, timer: Timer) -> None:
    """Call the next people, unless somebody accepted first."""
    now = await app_now(session)
    handoff = await store.escalate(session, handoff_id=timer.aggregate_id, now=now)
    if handoff is None:
        return
    await outbox.add(
        session,
        HandoffEscalated(
            programme_id=handoff.programme_id,
            aggregate_id=handoff.id,
            aggregate_version=handoff.version,
            occurred_at=now,
            referral_id=handoff.referral_id,
            rung=FIRST_RUNG,
        ),
    )
