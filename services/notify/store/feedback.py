"""Queries of released tables."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store.notices import Cursor
from services.notify.tables.feedback import FeedbackRelease


async def announce(
    session: AsyncSession,
    *,
    release_id: UUID,
    programme_id: str,
    agency_id: str,
    period_from: date,
    period_until: date,
    published_at: datetime,
) -> None:
    """Add a release whose table is still to be fetched; doing so twice leaves the same."""
    await session.execute(
        insert(FeedbackRelease)
        .values(
            id=release_id,
            programme_id=programme_id,
            agency_id=agency_id,
            period_from=period_from,
            period_until=period_until,
            published_at=published_at,
        )
        .on_conflict_do_nothing()
    )


async def complete(
    session: AsyncSession, *, release_id: UUID, rows: list[dict[str, Any]], threshold: int
) -> FeedbackRelease | None:
    """Fill in the table, once and for ever; None if it was filled in before."""
    filled = (
        update(FeedbackRelease)
        .where(FeedbackRelease.id == release_id, FeedbackRelease.rows.is_(None))
        .values(rows=rows, threshold=threshold)
        .returning(FeedbackRelease)
    )
    return await session.scalar(filled)


async def list_releases(
    session: AsyncSession, *, agency_id: str | None, before: Cursor | None, limit: int
) -> Sequence[FeedbackRelease]:
    """Return complete releases, newest first, of one agency or of all."""
    query = (
        select(FeedbackRelease)
        .where(FeedbackRelease.rows.is_not(None))
        .order_by(FeedbackRelease.published_at.desc(), FeedbackRelease.id.desc())
        .limit(limit)
    )
    if agency_id is not None:
        query = query.where(FeedbackRelease.agency_id == agency_id)
    if before is not None:
        query = query.where(tuple_(FeedbackRelease.published_at, FeedbackRelease.id) < before)
    return (await session.scalars(query)).all()


async def release(session: AsyncSession, *, release_id: UUID) -> FeedbackRelease | None:
    """Return one complete release."""
    return await session.scalar(
        select(FeedbackRelease).where(
            FeedbackRelease.id == release_id, FeedbackRelease.rows.is_not(None)
        )
    )
