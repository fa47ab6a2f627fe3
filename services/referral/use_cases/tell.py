"""Tell a step of a live handoff, as the handoff stands now."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.tables.handoffs import Handoff
from shared.events.referral import ReferralEvent
from shared.messaging import outbox


def tell(
    session: AsyncSession,
    kind: type[ReferralEvent],
    handoff: Handoff,
    *,
    now: datetime,
    **stated: Any,  # noqa: ANN401 - the event's own fields
) -> None:
    """Add an event of *kind* about *handoff* to the outbox."""
    outbox.add(
        session,
        kind(
            programme_id=handoff.programme_id,
            aggregate_id=handoff.id,
            aggregate_version=handoff.version,
            occurred_at=now,
            referral_id=handoff.referral_id,
            **stated,
        ),
    )
