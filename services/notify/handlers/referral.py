"""Whom notify tells about events of the referral service."""

from collections.abc import Sequence

from services.notify.domain.notices import NoticeKind
from services.notify.use_cases.keep_staff import keep_staff
from services.notify.use_cases.tell import tell_of_event
from services.notify.use_cases.tell_referrer import await_receipt
from shared.db.session import Scope, Sessions
from shared.events.referral import (
    HandoffEscalated,
    HandoffExpired,
    HandoffOffered,
    ReferralCreated,
    ReferralEvent,
    StaffChanged,
)
from shared.messaging.inbox import claim
from shared.messaging.subscriptions import Subscriptions

REFERRAL_ARRIVED = "notify-referral-arrived"
RECEIVED = "notify-received-by-programme"
HANDOFF_OFFERED = "notify-handoff-offered"
NOBODY_ACCEPTED = "notify-nobody-accepted"
NOBODY_CAME = "notify-nobody-came"
STAFF = "notify-staff"

subscriptions = Subscriptions(service="notify")


@subscriptions.on(ReferralCreated, durable=REFERRAL_ARRIVED)
async def tell_of_referral(event: ReferralCreated, sessions: Sessions) -> None:
    """Tell the peers that a referral waits."""
    await _tell(event, sessions, kind=NoticeKind.REFERRAL_ARRIVED, consumer=REFERRAL_ARRIVED)


@subscriptions.on(ReferralCreated, durable=RECEIVED)
async def await_receipt_of_referral(event: ReferralCreated, sessions: Sessions) -> None:
    """Have the referrer told in two hours that the programme has it."""
    async with sessions.begin(Scope(event.programme_id, RECEIVED)) as session:
        if await claim(session, consumer=RECEIVED, event=event):
            await_receipt(session, event)


@subscriptions.on(HandoffOffered, durable=HANDOFF_OFFERED)
async def tell_of_offer(event: HandoffOffered, sessions: Sessions) -> None:
    """Tell each of those who are asked."""
    await _tell(
        event,
        sessions,
        kind=NoticeKind.HANDOFF_OFFERED,
        consumer=HANDOFF_OFFERED,
        staff_ids=event.offered_to_ids,
    )


@subscriptions.on(HandoffEscalated, durable=NOBODY_ACCEPTED)
async def tell_of_escalation(event: HandoffEscalated, sessions: Sessions) -> None:
    """Tell the coordinators that nobody has accepted in time."""
    await _tell(event, sessions, kind=NoticeKind.NOBODY_ACCEPTED, consumer=NOBODY_ACCEPTED)


@subscriptions.on(HandoffExpired, durable=NOBODY_CAME)
async def tell_that_nobody_came(event: HandoffExpired, sessions: Sessions) -> None:
    """Tell the coordinators that somebody must call the person."""
    await _tell(event, sessions, kind=NoticeKind.NOBODY_CAME, consumer=NOBODY_CAME)


@subscriptions.on(StaffChanged, durable=STAFF)
async def keep_changed_staff(event: StaffChanged, sessions: Sessions) -> None:
    """Keep who is there, in which roles, and for which agency."""
    async with sessions.begin(Scope(event.programme_id, STAFF)) as session:
        if await claim(session, consumer=STAFF, event=event):
            await keep_staff(session, event)


async def _tell(
    event: ReferralEvent,
    sessions: Sessions,
    *,
    kind: NoticeKind,
    consumer: str,
    staff_ids: Sequence[str] = (),
) -> None:
    async with sessions.begin(Scope(event.programme_id, consumer)) as session:
        if await claim(session, consumer=consumer, event=event):
            await tell_of_event(
                session, event, kind=kind, referral_id=event.referral_id, staff_ids=staff_ids
            )
