"""Tell somebody something: a notice, and a planned mail to each who is to get one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.domain.deliveries import Channel, Reason, too_late
from services.notify.domain.notices import FACTS, NoticeKind
from services.notify.store import deliveries, notices, staff
from services.notify.store.deliveries import NewDelivery
from services.notify.store.notices import NewNotice
from shared.clock import app_now
from shared.events.base import Event
from shared.messaging.tasks import Task, add_task

HAND_OVER_MAIL = "hand_over_mail"


async def tell(session: AsyncSession, notice: NewNotice) -> None:
    """Add the notice; if it is new, plan a mail to everybody it is to who has an address."""
    if not await notices.add_notice(session, notice):
        return
    now = await app_now(session)
    reason = Reason.TOO_LATE if too_late(notice.caused_at, now=now) else None
    for staff_id in await _reachable(session, notice):
        delivery = NewDelivery(
            id=uuid7(),
            programme_id=notice.programme_id,
            notice_id=notice.id,
            channel=Channel.MAIL,
            planned_at=now,
            recipient_id=staff_id,
            reason=reason,
        )
        if await deliveries.plan(session, delivery) and reason is None:
            add_task(session, Task(HAND_OVER_MAIL, delivery.id, notice.programme_id))


async def tell_of_event(
    session: AsyncSession,
    event: Event,
    *,
    kind: NoticeKind,
    referral_id: UUID | None,
    staff_ids: Sequence[str] = (),
) -> None:
    """Tell the role that the kind is for, or else each of *staff_ids*."""
    for notice in _addressed(event, kind=kind, referral_id=referral_id, staff_ids=staff_ids):
        await tell(session, notice)


def _addressed(
    event: Event, *, kind: NoticeKind, referral_id: UUID | None, staff_ids: Sequence[str]
) -> Sequence[NewNotice]:
    role = FACTS[kind].role
    # Sorted, so that two transactions that tell the same people cannot deadlock.
    to = [(role, None)] if role else [(None, staff_id) for staff_id in sorted(set(staff_ids))]
    return [
        NewNotice(
            id=uuid7(),
            programme_id=event.programme_id,
            kind=kind,
            cause_id=event.event_id,
            caused_at=event.occurred_at,
            recipient_role=recipient_role,
            recipient_id=recipient_id,
            referral_id=referral_id,
        )
        for recipient_role, recipient_id in to
    ]


async def _reachable(session: AsyncSession, notice: NewNotice) -> Sequence[str]:
    if notice.recipient_id is not None:
        return await staff.reachable_person(session, staff_id=notice.recipient_id)
    if notice.recipient_role is not None:
        return await staff.reachable_with_role(session, role=notice.recipient_role)
    return ()
