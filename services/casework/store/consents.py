"""Queries about consents and what a person said yes to. Rivals are guarded updates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.consents import ConsentState, sources_of
from services.casework.tables.disclosures import Consent, OfficerNotice
from services.casework.tables.participants import ParticipantReferral

Cursor = tuple[datetime, UUID]


async def add(session: AsyncSession, values: dict[str, Any]) -> Consent | None:
    """Add a consent; None if there is one under this id."""
    statement = (
        insert(Consent)
        .values(state=ConsentState.IN_FORCE, version=1, **values)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(Consent)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, consent_id: UUID) -> Consent | None:
    return await session.get(Consent, consent_id, populate_existing=True)


async def move(
    session: AsyncSession,
    *which: ColumnElement[bool],
    to: ConsentState,
    **values: datetime,
) -> Consent | None:
    """Move the one that may move to *to*, and return it; a rival finds nothing left."""
    statement = (
        update(Consent)
        .where(Consent.state.in_(sources_of(to)), *which)
        .values(state=to, version=Consent.version + 1, **values)
        .returning(Consent)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def not_ended(session: AsyncSession, *, referral_id: UUID) -> Sequence[Consent]:
    """Return the referral's consents that nobody ended, and have whoever would end one wait.

    One that is being revoked meanwhile is waited for, and is not among them.
    """
    return (
        await session.scalars(
            select(Consent)
            .where(Consent.referral_id == referral_id, Consent.state == ConsentState.IN_FORCE)
            .order_by(Consent.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()


async def page(
    session: AsyncSession, *, participant_id: UUID, before: Cursor | None, limit: int
) -> Sequence[Consent]:
    """Return a participant's consents, newest first, from every referral that is about them."""
    query = (
        select(Consent)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Consent.referral_id)
        .where(ParticipantReferral.participant_id == participant_id)
        .order_by(Consent.granted_at.desc(), Consent.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Consent.granted_at, Consent.id) < before)
    return (await session.scalars(query)).all()


async def find_notice(session: AsyncSession, notice_id: UUID) -> OfficerNotice | None:
    return await session.get(OfficerNotice, notice_id, populate_existing=True)


async def agreed_before(session: AsyncSession, *, referral_id: UUID, kind: str) -> bool:
    """Return whether the person said yes to this; ask under the referral's lock."""
    found = select(OfficerNotice.id).where(
        OfficerNotice.referral_id == referral_id, OfficerNotice.kind == kind
    )
    return await session.scalar(found.limit(1)) is not None


async def add_notice(session: AsyncSession, values: dict[str, Any]) -> OfficerNotice | None:
    """Add a yes; None if there is one under this id."""
    statement = (
        insert(OfficerNotice)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(OfficerNotice)
    )
    return (await session.execute(statement)).scalar_one_or_none()
