"""Queries about referrals and what was typed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.store.team import LOOK, Facts, facts_from
from services.referral.tables.referrals import Eligibility, IdentityPacket, Referral
from shared.db import writes

Cursor = tuple[datetime, UUID]


# One statement adds the referral and looks at the programme: officers wait for this one.
ADD_AND_LOOK = text(
    f"""
    WITH added AS (
        INSERT INTO referral
            (id, programme_id, agency_id, referred_by, pathway, version, received_at)
        VALUES (:id, :programme_id, :agency_id, :referred_by, :pathway, 1, app_now())
        ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT look.*, EXISTS (SELECT FROM added) AS is_added FROM ({LOOK}) AS look
    """  # noqa: S608 - a constant of ours
).columns(now=DateTime(timezone=True), rungs=JSONB, on_duty=JSONB, is_added=Boolean)


async def add_referral(session: AsyncSession, referral: Referral) -> Facts | None:
    """Insert *referral*, received now; return what holds for the programme at this moment.

    None if its id is taken, whoever took it.
    """
    columns = ("id", "programme_id", "agency_id", "referred_by", "pathway")
    row = await session.execute(ADD_AND_LOOK, {name: getattr(referral, name) for name in columns})
    found = row.one()
    if not found.is_added:
        return None
    facts = facts_from(found)
    referral.version, referral.received_at = 1, facts.now
    return facts


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
