"""Who may reach a person's record besides their care team, and who opened one in an emergency."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class Restriction(Base):
    """That the record of whomever the referral is about is for named people only.

    It hangs on the person's first referral, so that linking and splitting take it along.
    """

    __tablename__ = "restriction"

    referral_id: Mapped[UUID] = mapped_column(
        ForeignKey("casework.intake.referral_id"), primary_key=True
    )
    programme_id: Mapped[str]
    restricted_by: Mapped[str]
    restricted_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class NamedStaff(Base):
    """Somebody for whom a restricted record is."""

    __tablename__ = "named_staff"

    referral_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("casework.restriction.referral_id"), primary_key=True
    )
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[str]


class Alarm:
    """That the privacy officer was told of somebody's tries on a day; once is enough."""

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class FirewallAlarm(Alarm, Base):
    """They are of enforcement, and asked for something."""

    __tablename__ = "firewall_alarm"


class ProbingAlarm(Alarm, Base):
    """They asked many times for what is not theirs, or not there."""

    __tablename__ = "probing_alarm"


class BreakGlassAccess(Base):
    """Somebody's access to one record in an emergency: why, how long, and how it was judged."""

    __tablename__ = "break_glass_access"
    __table_args__ = (
        CheckConstraint("expires_at > opened_at", name="ends"),
        CheckConstraint(
            "(review_code IS NULL) = (reviewed_by IS NULL)"
            " AND (review_code IS NULL) = (reviewed_at IS NULL)",
            name="reviewed_by_somebody",
        ),
        CheckConstraint("reviewed_by <> staff_id", name="reviewed_by_another"),
        Index("ix_break_glass_access_referral_id", "referral_id", "staff_id"),
        Index("ix_break_glass_access_newest", "programme_id", "opened_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("casework.participant.id"))
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("casework.intake.referral_id"))
    staff_id: Mapped[str]
    reason_ciphertext: Mapped[bytes]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    review_code: Mapped[str | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
