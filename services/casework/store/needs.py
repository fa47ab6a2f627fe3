"""Queries about needs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.needs import NeedState, sources_of
from services.casework.tables.episodes import Need
from shared.db import writes


def add(session: AsyncSession, need: Need) -> None:
    """Add a need that was just named."""
    need.state, need.version = NeedState.IDENTIFIED, 1
    writes.add_instance(session, need)


async def find(session: AsyncSession, need_id: UUID) -> Need | None:
    return await session.get(Need, need_id, populate_existing=True)


async def of_episode(session: AsyncSession, *, episode_id: UUID) -> Sequence[Need]:
    """Return the episode's needs, oldest first."""
    query = select(Need).where(Need.episode_id == episode_id).order_by(Need.identified_at, Need.id)
    return (await session.scalars(query)).all()


async def settle(
    session: AsyncSession,
    need_id: UUID,
    *,
    to: NeedState,
    reason_code: str | None,
    now: datetime,
) -> Need | None:
    """Move the need to *to* if it may; return None if it may not, or a rival was first."""
    statement = (
        update(Need)
        .where(Need.id == need_id, Need.state.in_(sources_of(to)))
        .values(state=to, version=Need.version + 1, reason_code=reason_code, settled_at=now)
        .returning(Need)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()
