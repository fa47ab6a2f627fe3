"""Queries about what the privacy officer looks at: emergencies, and tries at the firewall."""

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.access import BreakGlassAccess, FirewallAlarm, ProbingAlarm
from shared.audit.log import TABLE as AUDIT
from shared.db.writes import write

Cursor = tuple[datetime, UUID]


async def find(session: AsyncSession, access_id: UUID) -> BreakGlassAccess | None:
    return await session.get(BreakGlassAccess, access_id, populate_existing=True)


async def open_for(
    session: AsyncSession, values: dict[str, Any], *, lasts: timedelta
) -> BreakGlassAccess | None:
    """Open the record from now on, by real time; None if the id is taken."""
    statement = (
        insert(BreakGlassAccess)
        .values(opened_at=func.now(), expires_at=func.now() + lasts, **values)
        .on_conflict_do_nothing()
        .returning(BreakGlassAccess)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def alarm(
    session: AsyncSession,
    which: type[FirewallAlarm | ProbingAlarm],
    *,
    programme_id: str,
    staff_id: str,
    day: date,
) -> bool:
    """Note that somebody's tries of a day are told; return False if they were."""
    noted = (
        insert(which)
        .values(programme_id=programme_id, staff_id=staff_id, day=day)
        .on_conflict_do_nothing()
        .returning(which.staff_id)
    )
    return await session.scalar(noted) is not None


async def denials(
    session: AsyncSession, *, programme_id: str, staff_id: str, within: timedelta
) -> int:
    """Return how often somebody was refused lately, by real time, this time included.

    Entries are found by their ids, which are ordered by when they were made.
    """
    await write(session)
    since = int((time.time() - within.total_seconds()) * 1000)
    query = select(func.count()).where(
        AUDIT.c.id >= UUID(int=since << 80),
        AUDIT.c.programme_id == programme_id,
        AUDIT.c.actor_id == staff_id,
        AUDIT.c.outcome == "denied",
    )
    return await session.scalar(query) or 0


async def page(
    session: AsyncSession, *, reviewed: bool | None, before: Cursor | None, limit: int
) -> Sequence[BreakGlassAccess]:
    """Return accesses, newest first."""
    query = (
        select(BreakGlassAccess)
        .order_by(BreakGlassAccess.opened_at.desc(), BreakGlassAccess.id.desc())
        .limit(limit)
    )
    if reviewed is not None:
        query = query.where(BreakGlassAccess.review_code.is_not(None) == reviewed)
    if before is not None:
        query = query.where(tuple_(BreakGlassAccess.opened_at, BreakGlassAccess.id) < before)
    return (await session.scalars(query)).all()


async def review(
    session: AsyncSession, access_id: UUID, *, code: str, by: str
) -> BreakGlassAccess | None:
    """Judge an access that nobody has judged; None if somebody has."""
    statement = (
        update(BreakGlassAccess)
        .where(BreakGlassAccess.id == access_id, BreakGlassAccess.review_code.is_(None))
        .values(review_code=code, reviewed_by=by, reviewed_at=func.now())
        .returning(BreakGlassAccess)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()
