"""Tell a referrer, two hours after the referral and whatever followed, that it was received."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.domain.notices import NoticeKind, received_at
from services.notify.store.notices import NewNotice
from services.notify.use_cases.tell import tell
from shared.events.referral import ReferralCreated
from shared.messaging.timers import Timer, set_timer

TELL_REFERRER = "tell_referrer"


def await_receipt(session: AsyncSession, referral: ReferralCreated) -> None:
    """Set the timer; nothing that is heard later is asked when it fires."""
    if referral.referred_by is None:
        return
    set_timer(
        session,
        Timer(
            kind=TELL_REFERRER,
            aggregate_id=referral.referral_id,
            programme_id=referral.programme_id,
            due_at=received_at(referral.occurred_at),
            payload={"cause_id": str(referral.event_id), "recipient_id": referral.referred_by},
        ),
    )


async def tell_referrer(session: AsyncSession, timer: Timer) -> None:
    """Add the notice, dated to the moment at which it was due."""
    await tell(
        session,
        NewNotice(
            id=uuid7(),
            programme_id=timer.programme_id,
            kind=NoticeKind.RECEIVED_BY_THE_PROGRAMME,
            cause_id=UUID(str(timer.payload["cause_id"])),
            caused_at=timer.due_at,
            recipient_id=str(timer.payload["recipient_id"]),
            referral_id=timer.aggregate_id,
        ),
    )
