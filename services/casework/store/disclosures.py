"""Queries about what was granted to leave. A notice is granted at most once, by its unique key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.disclosures import VALID_FOR, DisclosureState, sources_of
from services.casework.tables.disclosures import Disclosure
from services.casework.tables.participants import ParticipantReferral

Cursor = tuple[datetime, UUID]


async def real_now(session: AsyncSession) -> datetime:
    """Return the real time that grants run by, wherever a demo's clock stands."""
    now: datetime = (await session.execute(select(func.now()))).scalar_one()
    return now


async def granted_before(session: AsyncSession, *, notice_id: UUID) -> bool:
    found = select(Disclosure.id).where(Disclosure.notice_id == notice_id)
    return await session.scalar(found) is not None


async def grant(session: AsyncSession, values: dict[str, Any]) -> Disclosure | None:
    """Add a grant that is valid for a few seconds from now; None if the notice has one."""
    statement = (
        insert(Disclosure)
        .values(
            state=DisclosureState.GRANTED, version=1, expires_at=func.now() + VALID_FOR, **values
        )
        .on_conflict_do_nothing(index_elements=["notice_id"])
        .returning(Disclosure)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, disclosure_id: UUID) -> Disclosure | None:
    return await session.get(Disclosure, disclosure_id, populate_existing=True)


async def report(
    session: AsyncSession, *, disclosure_id: UUID, to: DisclosureState, now: datetime
) -> Disclosure | None:
    """Note what became of a grant; None if that was noted before."""
    statement = (
        update(Disclosure)
        .where(Disclosure.id == disclosure_id, Disclosure.state.in_(sources_of(to)))
        .values(state=to, reported_at=now, version=Disclosure.version + 1)
        .returning(Disclosure)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def outstanding(session: AsyncSession, *, consent_id: UUID) -> Sequence[UUID]:
    """Return the consent's grants that can still be used."""
    return (
        await session.scalars(
            select(Disclosure.id)
            .where(
                Disclosure.consent_id == consent_id,
                Disclosure.state == DisclosureState.GRANTED,
                Disclosure.expires_at >= func.now(),
            )
            .order_by(Disclosure.id)
        )
    ).all()


async def page(
    session: AsyncSession, *, participant_id: UUID, before: Cursor | None, limit: int
) -> Sequence[Disclosure]:
    """Return a participant's disclosures, newest first, from every referral about them."""
    query = (
        select(Disclosure)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Disclosure.referral_id)
        .where(ParticipantReferral.participant_id == participant_id)
        .order_by(Disclosure.granted_at.desc(), Disclosure.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Disclosure.granted_at, Disclosure.id) < before)
    return (await session.scalars(query)).all()
