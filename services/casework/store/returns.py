"""Queries about people who came back, and who is told when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.participants import ReturnAlert


async def add(
    session: AsyncSession,
    *,
    referral_id: UUID,
    programme_id: str,
    staff_ids: list[str],
    not_before: datetime,
) -> bool:
    """Note that this referral is a return; return False if that is noted already."""
    added = (
        insert(ReturnAlert)
        .values(
            referral_id=referral_id,
            programme_id=programme_id,
            staff_ids=staff_ids,
            not_before=not_before,
        )
        .on_conflict_do_nothing()
        .returning(ReturnAlert.referral_id)
    )
    return await session.scalar(added) is not None


async def bring_forward(session: AsyncSession, *, referral_id: UUID, to: datetime) -> None:
    """Let the announcement be due at *to*, if it was to wait longer."""
    await session.execute(
        update(ReturnAlert)
        .where(ReturnAlert.referral_id == referral_id, ReturnAlert.not_before > to)
        .values(not_before=to)
    )


async def announce(session: AsyncSession, *, referral_id: UUID, now: datetime) -> list[str]:
    """Return whom to tell, once, if it is time; otherwise nobody."""
    due = (
        update(ReturnAlert)
        .where(
            ReturnAlert.referral_id == referral_id,
            ReturnAlert.announced_at.is_(None),
            ReturnAlert.not_before <= now,
        )
        .values(announced_at=now)
        .returning(ReturnAlert.staff_ids)
    )
    return await session.scalar(due) or []
