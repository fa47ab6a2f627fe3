"""Tell those who knew a person that they are back, once the referrer has been released."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import access, intakes, returns
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import ParticipantReturnAnnounced
from shared.messaging.timers import Timer

ANNOUNCE_RETURN = "announce_return"


async def return_is_due(session: AsyncSession, timer: Timer) -> None:
    """Announce the return at the latest moment that was noted, if nobody has."""
    await announce_return(session, referral_id=timer.aggregate_id, programme_id=timer.programme_id)


async def announce_return(session: AsyncSession, *, referral_id: UUID, programme_id: str) -> None:
    """Announce the return if it is time and nobody has; otherwise do nothing."""
    now = await app_now(session)
    knew = await returns.announce(session, referral_id=referral_id, now=now)
    staff_ids = await access.who_may_be_told(session, referral_id=referral_id, staff_ids=knew)
    person_id = await intakes.participant_of(session, referral_id=referral_id)
    if not staff_ids or person_id is None:
        return
    tell(
        session,
        ParticipantReturnAnnounced(
            programme_id=programme_id,
            aggregate_id=referral_id,
            aggregate_version=2,
            occurred_at=now,
            referral_id=referral_id,
            participant_id=person_id,
            staff_ids=staff_ids,
        ),
    )
