"""Notices, who has read them, and the ledger of what was handed over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.domain.deliveries import Channel, State
from services.notify.domain.notices import NoticeKind
from services.notify.tables.base import Base


def _one_of(column: str, codes: Iterable[str]) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"


class Notice(Base):
    """One notice to a role or to one person; its words are made when it is read."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(_one_of("kind", NoticeKind), name="known_kind"),
        CheckConstraint("num_nonnulls(recipient_role, recipient_id) = 1", name="one_recipient"),
        UniqueConstraint(
            "cause_id",
            "kind",
            "recipient_role",
            "recipient_id",
            name="uq_notice_cause",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_notice_newest", "programme_id", "recipient_role", "caused_at", "id"),
        Index("ix_notice_newest_own", "programme_id", "recipient_id", "caused_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    recipient_role: Mapped[str | None]
    recipient_id: Mapped[str | None]
    kind: Mapped[str]
    cause_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    release_id: Mapped[UUID | None]
    statement_version: Mapped[int | None] = mapped_column(Integer)
    caused_at: Mapped[datetime]


class NoticeReading(Base):
    """One person has read one notice: a notice to a role is read by each for themself."""

    __tablename__ = "notice_reading"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notify.notice.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    read_at: Mapped[datetime]


class Delivery(Base):
    """The ledger: what is to reach whom by which channel, and what became of it.

    What was suppressed has no notice, so `notice_id` refers to none by force. While `in_doubt`, a
    call has begun whose answer is not recorded yet.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(_one_of("channel", Channel), name="known_channel"),
        CheckConstraint(_one_of("state", State), name="known_state"),
        CheckConstraint(
            "(state IN ('planned', 'handed_over')) = (reason_code IS NULL)", name="for_a_reason"
        ),
        UniqueConstraint(
            "notice_id",
            "channel",
            "recipient_id",
            name="uq_delivery_notice",
            postgresql_nulls_not_distinct=True,
        ),
        UniqueConstraint("disclosure_id"),
        Index("ix_delivery_newest", "programme_id", "planned_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    notice_id: Mapped[UUID]
    referral_id: Mapped[UUID | None]
    recipient_id: Mapped[str | None]
    channel: Mapped[str]
    state: Mapped[str]
    reason_code: Mapped[str | None]
    in_doubt: Mapped[bool]
    disclosure_id: Mapped[UUID | None]
    planned_at: Mapped[datetime]
    at: Mapped[datetime]
