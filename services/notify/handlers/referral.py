"""Whom notify tells about events of the referral service."""

from services.notify import store
from services.notify.domain.notices import NoticeKind
from shared.db.session import Scope, Sessions
from shared.events.referral import HandoffEscalated, ReferralCreated, ReferralEvent
from shared.messaging.inbox import claim
from shared.messaging.subscriptions import Subscriptions

REFERRAL_ARRIVED = "notify-referral-arrived"
NOBODY_ACCEPTED = "notify-nobody-accepted"

subscriptions = Subscriptions(service="notify")


@subscriptions.on(ReferralCreated, durable=REFERRAL_ARRIVED)
async def tell_of_referral(event: ReferralCreated, sessions: Sessions) -> None:
    """Tell the peers that a referral waits."""
    await _tell(event, sessions, kind=NoticeKind.REFERRAL_ARRIVED, consumer=REFERRAL_ARRIVED)


@subscriptions.on(HandoffEscalated, durable=NOBODY_ACCEPTED)
async def tell_of_escalation(event: HandoffEscalated, sessions: Sessions) -> None:
    """Tell the coordinators that nobody has accepted in time."""
    await _tell(event, sessions, kind=NoticeKind.NOBODY_ACCEPTED, consumer=NOBODY_ACCEPTED)


async def _tell(
    event: ReferralEvent, sessions: Sessions, *, kind: NoticeKind, consumer: str
) -> None:
    async with sessions.begin(Scope(event.programme_id, consumer)) as session:
        if await claim(session, consumer=consumer, event=event):
            await store.add_notice(
                session,
                kind=kind,
                cause_id=event.event_id,
                referral_id=event.referral_id,
                programme_id=event.programme_id,
                caused_at=event.occurred_at,
            )
