"""Queries about contacts."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, DateTime, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.work import Contact
from shared.db import writes

# What logging a contact needs to know, in one look.
LOOK = text(
    """
    SELECT app_now() AS now, EXISTS (SELECT FROM contact WHERE id = :contact_id) AS is_logged,
           (SELECT received_at FROM intake WHERE referral_id = :referral_id) AS referred_at
    """
).columns(now=DateTime(timezone=True), is_logged=Boolean, referred_at=DateTime(timezone=True))


class Look(NamedTuple):
    """The moment, whether a contact has this id already, and when its referral was received."""

    now: datetime
    is_logged: bool
    referred_at: datetime


async def look(session: AsyncSession, *, contact_id: UUID, referral_id: UUID) -> Look:
    found = await session.execute(LOOK, {"contact_id": contact_id, "referral_id": referral_id})
    return Look(*found.one())


def add(session: AsyncSession, contact: Contact) -> None:
    writes.add_instance(session, contact)


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
