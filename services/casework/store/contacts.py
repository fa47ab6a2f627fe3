"""Queries about contacts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.work import Contact


async def add(session: AsyncSession, contact: Contact) -> None:
    session.add(contact)
    await session.flush()  # so that the database's checks speak here and not at commit


async def find(session: AsyncSession, contact_id: UUID) -> Contact | None:
    return await session.get(Contact, contact_id)


async def of_episode(session: AsyncSession, *, episode_id: UUID, limit: int) -> Sequence[Contact]:
    """Return the episode's contacts, newest first."""
    return (
        await session.scalars(
            select(Contact)
            .where(Contact.episode_id == episode_id)
            .order_by(Contact.started_at.desc(), Contact.id.desc())
            .limit(limit)
        )
    ).all()
