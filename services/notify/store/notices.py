"""Queries of notices and of who has read them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.notices import NoticeKind
from services.notify.tables.notices import Notice, NoticeReading

Cursor = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose notices are meant: those to this person, and to everybody with one of the roles."""

    staff_id: str
    roles: Collection[str]


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be; exactly one of role and id is given."""

    id: UUID
    programme_id: str
    kind: NoticeKind
    cause_id: UUID
    caused_at: datetime
    recipient_role: str | None = None
    recipient_id: str | None = None
    referral_id: UUID | None = None
    release_id: UUID | None = None
    statement_version: int | None = None


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice, and when the one who asks has read it."""

    notice: Notice
    read_at: datetime | None


async def add_notice(session: AsyncSession, notice: NewNotice) -> bool:
    """Add a notice; one cause gives one notice of a kind to a recipient. Return if it is new."""
    added = (
        insert(Notice)
        .values(
            id=notice.id,
            programme_id=notice.programme_id,
            recipient_role=notice.recipient_role,
            recipient_id=notice.recipient_id,
            kind=notice.kind,
            cause_id=notice.cause_id,
            referral_id=notice.referral_id,
            release_id=notice.release_id,
            statement_version=notice.statement_version,
            caused_at=notice.caused_at,
        )
        .on_conflict_do_nothing()
        .returning(Notice.id)
    )
    return await session.scalar(added) is not None


def _to(recipient: Recipient) -> ColumnElement[bool]:
    return or_(
        Notice.recipient_id == recipient.staff_id,
        Notice.recipient_role.in_(recipient.roles),
    )


def _read_by(recipient: Recipient) -> ColumnElement[bool]:
    return and_(NoticeReading.notice_id == Notice.id, NoticeReading.staff_id == recipient.staff_id)


async def list_notices(
    session: AsyncSession, recipient: Recipient, *, before: Cursor | None, limit: int
) -> Sequence[ReadNotice]:
    """Return the notices to *recipient*, newest first."""
    query = (
        select(Notice, NoticeReading.read_at)
        .outerjoin(NoticeReading, _read_by(recipient))
        .where(_to(recipient))
        .order_by(Notice.caused_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Notice.caused_at, Notice.id) < before)
    return [ReadNotice(notice, read_at) for notice, read_at in await session.execute(query)]


async def notice_to(
    session: AsyncSession, recipient: Recipient, *, notice_id: UUID
) -> ReadNotice | None:
    """Return one notice if it is to *recipient*."""
    query = (
        select(Notice, NoticeReading.read_at)
        .outerjoin(NoticeReading, _read_by(recipient))
        .where(Notice.id == notice_id, _to(recipient))
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else ReadNotice(found[0], found[1])


async def mark_read(session: AsyncSession, *, notice: Notice, staff_id: str, now: datetime) -> None:
    """Record the first reading; a second one changes nothing."""
    await session.execute(
        insert(NoticeReading)
        .values(
            notice_id=notice.id,
            staff_id=staff_id,
            programme_id=notice.programme_id,
            read_at=now,
        )
        .on_conflict_do_nothing()
    )
