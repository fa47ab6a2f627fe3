"""Every query of the notify service."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.domain.notices import RECIPIENT_ROLE, NoticeKind
from services.notify.tables import Notice

Cursor = tuple[datetime, UUID]


async def add_notice(
    session: AsyncSession,
    *,
    kind: NoticeKind,
    cause_id: UUID,
    referral_id: UUID,
    programme_id: str,
    caused_at: datetime,
) -> None:
    """Add a notice; one cause gives one notice of a kind."""
    await session.execute(
        insert(Notice)
        .values(
            id=uuid7(),
            programme_id=programme_id,
            recipient_role=RECIPIENT_ROLE[kind],
            kind=kind,
            cause_id=cause_id,
            referral_id=referral_id,
            caused_at=caused_at,
        )
        .on_conflict_do_nothing(index_elements=["cause_id", "kind"])
    )


async def list_notices(
    session: AsyncSession, *, roles: Collection[str], before: Cursor | None, limit: int
) -> Sequence[Notice]:
    """Return the notices to any of *roles*, newest first."""
    query = (
        select(Notice)
        .where(Notice.recipient_role.in_(roles))
        .order_by(Notice.caused_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Notice.caused_at, Notice.id) < before)
    return (await session.scalars(query)).all()
