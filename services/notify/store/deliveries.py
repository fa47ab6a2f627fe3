"""Queries of the ledger: each move out of `planned` is a guarded update, so it happens once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.deliveries import Channel, Reason, State, may_become
from services.notify.store.notices import Cursor
from services.notify.tables.feedback import FeedbackRelease
from services.notify.tables.notices import Delivery, Notice
from services.notify.tables.staff import DeliveryAddress


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail that is planned, with what it is about and where it goes today."""

    delivery: Delivery
    notice: Notice
    email: str | None
    language_code: str
    release: FeedbackRelease | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A line of the ledger to be; with a reason it is suppressed at once."""

    id: UUID
    programme_id: str
    notice_id: UUID
    channel: Channel
    planned_at: datetime
    recipient_id: str | None = None
    referral_id: UUID | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery and, of an outcome notice, who it went to under which grant."""

    state: State
    reason: Reason | None = None
    recipient_id: str | None = None
    disclosure_id: UUID | None = None


async def plan(session: AsyncSession, delivery: NewDelivery) -> bool:
    """Add a line to the ledger; return False if it is there already."""
    added = (
        insert(Delivery)
        .values(
            id=delivery.id,
            programme_id=delivery.programme_id,
            notice_id=delivery.notice_id,
            referral_id=delivery.referral_id,
            recipient_id=delivery.recipient_id,
            channel=delivery.channel,
            state=State.PLANNED if delivery.reason is None else State.SUPPRESSED,
            reason_code=delivery.reason,
            in_doubt=False,
            planned_at=delivery.planned_at,
            at=delivery.planned_at,
        )
        .on_conflict_do_nothing()
        .returning(Delivery.id)
    )
    return await session.scalar(added) is not None


async def planned_mail(session: AsyncSession, *, delivery_id: UUID) -> Planned | None:
    """Return a mail that is still planned, locked against a second worker."""
    query = (
        select(Delivery, Notice, DeliveryAddress.email, DeliveryAddress.language_code)
        .join(Notice, Notice.id == Delivery.notice_id)
        .outerjoin(
            DeliveryAddress,
            and_(
                DeliveryAddress.programme_id == Delivery.programme_id,
                DeliveryAddress.staff_id == Delivery.recipient_id,
            ),
        )
        .where(Delivery.id == delivery_id, Delivery.state == State.PLANNED)
        .with_for_update(of=Delivery)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    delivery, notice, email, language_code = found
    release = (
        await session.get(FeedbackRelease, notice.release_id)
        if notice.release_id is not None
        else None
    )
    return Planned(delivery, notice, email, language_code or "en", release)


async def planned_grant(session: AsyncSession, *, notice_id: UUID) -> Delivery | None:
    """Return the line of an outcome notice that waits for its grant, locked."""
    query = (
        select(Delivery)
        .where(
            Delivery.notice_id == notice_id,
            Delivery.channel == Channel.LIST,
            Delivery.state == State.PLANNED,
        )
        .with_for_update()
    )
    return await session.scalar(query)


async def set_doubt(session: AsyncSession, *, delivery_id: UUID, in_doubt: bool) -> None:
    """Say whether a call has begun whose answer is not recorded."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == State.PLANNED)
        .values(in_doubt=in_doubt)
    )


async def settle(
    session: AsyncSession, *, delivery_id: UUID, settled: Settled, now: datetime
) -> bool:
    """Move a delivery to its end; return False if it had ended before."""
    moved = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(may_become(settled.state)))
        .values(
            state=settled.state,
            reason_code=settled.reason,
            in_doubt=False,
            at=now,
            recipient_id=func.coalesce(settled.recipient_id, Delivery.recipient_id),
            disclosure_id=func.coalesce(settled.disclosure_id, Delivery.disclosure_id),
        )
        .returning(Delivery.id)
    )
    return await session.scalar(moved) is not None


async def of_disclosure(session: AsyncSession, *, disclosure_id: UUID) -> Delivery | None:
    return await session.scalar(select(Delivery).where(Delivery.disclosure_id == disclosure_id))


async def list_deliveries(
    session: AsyncSession, *, notice_id: UUID | None, before: Cursor | None, limit: int
) -> Sequence[Delivery]:
    """Return the ledger, newest first, of one notice or of all."""
    query = select(Delivery).order_by(Delivery.planned_at.desc(), Delivery.id.desc()).limit(limit)
    if notice_id is not None:
        query = query.where(Delivery.notice_id == notice_id)
    if before is not None:
        query = query.where(tuple_(Delivery.planned_at, Delivery.id) < before)
    return (await session.scalars(query)).all()
