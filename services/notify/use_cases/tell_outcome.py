"""An officer's outcome notice: asked for, granted by casework's gate, and only then told.

Without a grant nothing reaches anybody. A grant is single use: when an answer was lost the next one
is a refusal, and the ledger says *unknown*, since nobody here can know; it is not told twice.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.deliveries import Channel, Reason, State, refused_grant
from services.notify.domain.notices import NoticeKind
from services.notify.store import deliveries
from services.notify.store.deliveries import NewDelivery, Settled
from services.notify.store.notices import NewNotice
from services.notify.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import MilestoneReached, OfficerNotice
from shared.messaging.tasks import Task, add_task

ASK_GRANT = "ask_grant"
REPORT_OUTCOME = "report_outcome"


@dataclass(frozen=True, slots=True)
class Grant:
    """What casework granted to leave, to whom, and until when."""

    disclosure_id: UUID
    recipient_id: str
    kind: OfficerNotice
    statement_version: int
    expires_at: datetime


async def await_grant(session: AsyncSession, reached: MilestoneReached) -> None:
    """Open the ledger's line, under the notice's own id, and have the grant asked for."""
    await deliveries.plan(
        session,
        NewDelivery(
            id=reached.notice_id,
            programme_id=reached.programme_id,
            notice_id=reached.notice_id,
            channel=Channel.LIST,
            planned_at=await app_now(session),
            referral_id=reached.referral_id,
        ),
    )
    add_task(session, Task(ASK_GRANT, reached.notice_id, reached.programme_id))


async def begin_asking(session: AsyncSession, *, notice_id: UUID) -> bool | None:
    """Mark that casework is being asked; return whether it was before, None if all is settled."""
    planned = await deliveries.planned_grant(session, notice_id=notice_id)
    if planned is None:
        return None
    asked_before = planned.in_doubt
    await deliveries.set_doubt(session, delivery_id=planned.id, in_doubt=True)
    return asked_before


async def not_asked(session: AsyncSession, *, notice_id: UUID) -> None:
    """Record that the question surely did not arrive, or was refused unread."""
    await deliveries.set_doubt(session, delivery_id=notice_id, in_doubt=False)


async def keep_grant(session: AsyncSession, grant: Grant, *, notice_id: UUID) -> None:
    """Tell the officer while the grant is valid, and have casework told what became of it."""
    planned = await deliveries.planned_grant(session, notice_id=notice_id)
    if planned is None:
        return
    # Real time, as for every token and lease: a demo's clock moves by months.
    real_now: datetime = (await session.execute(select(func.now()))).scalar_one()
    in_time = real_now <= grant.expires_at
    now = await app_now(session)
    settled = Settled(
        State.HANDED_OVER if in_time else State.SUPPRESSED,
        None if in_time else Reason.GRANT_EXPIRED,
        recipient_id=grant.recipient_id,
        disclosure_id=grant.disclosure_id,
    )
    await deliveries.settle(session, delivery_id=notice_id, settled=settled, now=now)
    add_task(session, Task(REPORT_OUTCOME, grant.disclosure_id, planned.programme_id))
    if not in_time:
        return
    await tell(
        session,
        NewNotice(
            id=notice_id,
            programme_id=planned.programme_id,
            kind=NoticeKind(grant.kind),
            cause_id=notice_id,
            caused_at=now,
            recipient_id=grant.recipient_id,
            referral_id=planned.referral_id,
            statement_version=grant.statement_version,
        ),
    )


async def keep_refusal(session: AsyncSession, *, notice_id: UUID, asked_before: bool) -> None:
    """Record that nothing is told: nothing allows it, or an earlier grant's answer was lost."""
    state, reason = refused_grant(asked_before=asked_before)
    await deliveries.settle(
        session,
        delivery_id=notice_id,
        settled=Settled(state, reason),
        now=await app_now(session),
    )


async def outcome_of(session: AsyncSession, *, disclosure_id: UUID) -> str | None:
    """Return what casework is to be told of a grant it gave."""
    delivery = await deliveries.of_disclosure(session, disclosure_id=disclosure_id)
    if delivery is None:
        return None
    return "handed_over" if delivery.state == State.HANDED_OVER else "not_sent"
