"""The live handoff, whom it was offered to, and who can be asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.referral.tables.base import Base


class Handoff(Base):
    """The live handoff of a referral to somebody from the team.

    The officer's release is a moment beside the state: it may come at any time.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'offered', 'accepted', 'on_the_way', 'arrived', 'met',"
            " 'person_agreed', 'person_declined', 'expired', 'withdrawn')",
            name="known_state",
        ),
        CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by_somebody"
        ),
        CheckConstraint(
            "state NOT IN ('accepted', 'on_the_way', 'arrived', 'met', 'person_agreed',"
            " 'person_declined') OR accepted_at IS NOT NULL",
            name="accepted_before_the_rest",
        ),
        UniqueConstraint("referral_id"),
        Index(
            "ix_handoff_open",
            "programme_id",
            "requested_at",
            "id",
            postgresql_where=text("state IN ('requested', 'offered', 'expired')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.referral.id"))
    programme_id: Mapped[str]
    state: Mapped[str]
    rung: Mapped[int] = mapped_column(Integer, server_default="0")
    version: Mapped[int] = mapped_column(Integer)
    requested_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    accepted_role_code: Mapped[str | None]
    officer_released_at: Mapped[datetime | None]


class Offer(Base):
    """One person who was asked to take one handoff."""

    __tablename__ = "offer"

    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("referral.handoff.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    rung: Mapped[int] = mapped_column(Integer)
    offered_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    decline_reason_code: Mapped[str | None]


class Ladder(Base):
    """A programme's own ladder: `[{"role_code": ..., "wait_minutes": ...}]`, first rung first."""

    __tablename__ = "ladder"

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    rungs: Mapped[list[dict[str, Any]]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class Shift(Base):
    """When somebody is on duty, and as what."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        Index("ix_shift_on_duty", "programme_id", "role_code", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    staff_id: Mapped[str]
    role_code: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class StaffMember(Base):
    """Somebody who works with the programme, as the notices need to know it."""

    __tablename__ = "staff_member"

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    role_codes: Mapped[list[str]]
    agency_id: Mapped[str | None]
    responder_kind: Mapped[str | None]
    active: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
