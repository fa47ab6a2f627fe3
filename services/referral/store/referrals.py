"""Queries about referrals and what was typed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.tables.referrals import Eligibility, IdentityPacket, Referral
from shared.db import writes

Cursor = tuple[datetime, UUID]


async def add_referral(session: AsyncSession, referral: Referral) -> bool:
    """Insert *referral*; return False if its id is taken, whoever took it."""
    row = {column.name: getattr(referral, column.name) for column in Referral.__table__.columns}
    added = upsert(Referral).values(row).on_conflict_do_nothing().returning(Referral.id)
    return await session.scalar(added) is not None


def add_packet(session: AsyncSession, packet: IdentityPacket) -> None:
    writes.add_instance(session, packet)


async def find_referral(session: AsyncSession, referral_id: UUID) -> Referral | None:
    return await session.get(Referral, referral_id)


async def find_packet(session: AsyncSession, referral_id: UUID) -> bytes | None:
    return await session.scalar(
        select(IdentityPacket.ciphertext).where(IdentityPacket.referral_id == referral_id)
    )


async def page_of(
    session: AsyncSession, *, referred_by: str, before: Cursor | None, limit: int
) -> Sequence[Referral]:
    """Return what one person referred, newest first."""
    query = (
        select(Referral)
        .where(Referral.referred_by == referred_by)
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Referral.received_at, Referral.id) < before)
    return (await session.scalars(query)).all()


async def withdraw(
    session: AsyncSession, referral_id: UUID, *, by: str, reason_code: str, now: datetime
) -> Referral | None:
    """Take the referral back, once; return None if it was taken back before."""
    statement = (
        update(Referral)
        .where(Referral.id == referral_id, Referral.withdrawn_at.is_(None))
        .values(
            withdrawn_at=now,
            withdrawn_by=by,
            withdrawal_reason_code=reason_code,
            version=Referral.version + 1,
        )
        .returning(Referral)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


def add_eligibility(session: AsyncSession, eligibility: Eligibility) -> None:
    writes.add_instance(session, eligibility)


async def find_eligibility(session: AsyncSession, referral_id: UUID) -> Eligibility | None:
    return await session.get(Eligibility, referral_id)
