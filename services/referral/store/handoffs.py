"""Queries about handoffs and the people they were offered to. Rivals are guarded updates."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import OPEN, HandoffState, sources_of
from services.referral.tables.handoffs import Handoff, Offer
from shared.db import writes
from shared.db.writes import Conflict

Cursor = tuple[datetime, UUID]

OFFERS = writes.table_of(Offer)
ASKED_AGAIN = Conflict(("handoff_id", "staff_id"), changes=("rung", "offered_at"))


def add(session: AsyncSession, handoff: Handoff) -> None:
    """Add *handoff* as it stands when this transaction ends."""
    writes.add_instance(session, handoff)


async def find(session: AsyncSession, *, referral_id: UUID) -> Handoff | None:
    return await session.scalar(
        select(Handoff)
        .where(Handoff.referral_id == referral_id)
        .execution_options(populate_existing=True)
    )


async def find_by_id(session: AsyncSession, handoff_id: UUID) -> Handoff | None:
    return await session.get(Handoff, handoff_id, populate_existing=True)


async def move(
    session: AsyncSession,
    handoff_id: UUID,
    *,
    to: HandoffState,
    now: datetime,
    rung: int | None = None,
    new_rung: int | None = None,
    **values: Any,  # noqa: ANN401 - columns of the table
) -> Handoff | None:
    """Move the handoff if it may, and still stands on *rung* if that is given; else None."""
    if new_rung is not None:
        values["rung"] = new_rung
    where: list[ColumnElement[bool]] = [
        Handoff.id == handoff_id,
        Handoff.state.in_(sources_of(to)),
    ]
    if rung is not None:
        where.append(Handoff.rung == rung)
    statement = (
        update(Handoff)
        .where(*where)
        .values(state=to, moved_at=now, version=Handoff.version + 1, **values)
        .returning(Handoff)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def release_officer(
    session: AsyncSession, handoff_id: UUID, *, now: datetime
) -> Handoff | None:
    """Note that the officer can go, once; return None if that was noted before."""
    statement = (
        update(Handoff)
        .where(Handoff.id == handoff_id, Handoff.officer_released_at.is_(None))
        .values(officer_released_at=now, version=Handoff.version + 1)
        .returning(Handoff)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


def offer(
    session: AsyncSession, handoff: Handoff, *, staff_ids: Collection[str], now: datetime
) -> None:
    """Note that these people were asked; who was asked on an earlier rung is asked again."""
    for staff_id in staff_ids:
        row = {
            "handoff_id": handoff.id,
            "staff_id": staff_id,
            "programme_id": handoff.programme_id,
            "rung": handoff.rung,
            "offered_at": now,
        }
        writes.add(session, OFFERS, row, conflict=ASKED_AGAIN)


async def decline(
    session: AsyncSession, handoff_id: UUID, *, staff_id: str, reason_code: str, now: datetime
) -> bool:
    """Note that somebody who was asked cannot come; return False if there is nothing to note."""
    declined = (
        update(Offer)
        .where(
            Offer.handoff_id == handoff_id,
            Offer.staff_id == staff_id,
            Offer.declined_at.is_(None),
        )
        .values(declined_at=now, decline_reason_code=reason_code)
        .returning(Offer.staff_id)
    )
    return await session.scalar(declined) is not None


async def offers(session: AsyncSession, handoff_ids: Collection[UUID]) -> Sequence[Offer]:
    return (
        await session.scalars(
            select(Offer)
            .where(Offer.handoff_id.in_(handoff_ids))
            .order_by(Offer.offered_at, Offer.staff_id)
            .execution_options(populate_existing=True)
        )
    ).all()


async def touch(session: AsyncSession, handoff_id: UUID) -> Handoff:
    """Give the handoff its next version without moving it."""
    statement = (
        update(Handoff)
        .where(Handoff.id == handoff_id)
        .values(version=Handoff.version + 1)
        .returning(Handoff)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one()


async def page_of_open(
    session: AsyncSession, *, after: Cursor | None, limit: int
) -> Sequence[Handoff]:
    """Return handoffs that wait for somebody, longest first."""
    query = (
        select(Handoff)
        .where(Handoff.state.in_(OPEN))
        .order_by(Handoff.requested_at, Handoff.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Handoff.requested_at, Handoff.id) > after)
    return (await session.scalars(query)).all()
