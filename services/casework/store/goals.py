"""Queries about goals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.goals import GoalState, sources_of
from services.casework.tables.episodes import Goal


async def add(session: AsyncSession, values: dict[str, Any]) -> Goal | None:
    """Add a goal; None if one of this id is there."""
    statement = insert(Goal).values(values).on_conflict_do_nothing().returning(Goal)
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, goal_id: UUID) -> Goal | None:
    return await session.get(Goal, goal_id, populate_existing=True)


async def of_episode(session: AsyncSession, *, episode_id: UUID) -> Sequence[Goal]:
    """Return the episode's goals, oldest first."""
    query = select(Goal).where(Goal.episode_id == episode_id).order_by(Goal.set_at, Goal.id)
    return (await session.scalars(query)).all()


async def end(session: AsyncSession, goal_id: UUID, *, to: GoalState, now: datetime) -> Goal | None:
    """Move the goal to *to* if it may; return None if it may not, or a rival was first."""
    statement = (
        update(Goal)
        .where(Goal.id == goal_id, Goal.state.in_(sources_of(to)))
        .values(state=to, version=Goal.version + 1, ended_at=now)
        .returning(Goal)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()
