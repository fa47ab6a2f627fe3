"""Referrals. What identifies a person is ciphertext, apart from the rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from services.referral.tables.base import Base


class Referral(Base):
    """One referral as its maker sent it; never changed, only corrected by a later version."""

    __tablename__ = "referral"
    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    agency_id: Mapped[str | None]
    referred_by: Mapped[str]
    pathway: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawal_reason_code: Mapped[str | None]


class Eligibility(Base):
    """What the county's policy in force said of what the referrer stated; never judged anew."""

    __tablename__ = "eligibility"
    __table_args__ = (
        CheckConstraint(
            "result IN ('eligible', 'not_eligible', 'coordinator_decides')", name="known_result"
        ),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.referral.id"), primary_key=True)
    programme_id: Mapped[str]
    policy_id: Mapped[str]
    policy_version: Mapped[int] = mapped_column(Integer)
    result: Mapped[str]
    reason_codes: Mapped[list[str]]
    decided_at: Mapped[datetime]


class Programme(Base):
    """Which county's eligibility policy a programme goes by, and in which zone its days begin."""

    __tablename__ = "programme"

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    policy_id: Mapped[str]
    time_zone: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class IdentityPacket(Base):
    """Who the referral is about and where to find them, encrypted under the referral's key."""

    __tablename__ = "identity_packet"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.referral.id"), primary_key=True)
    programme_id: Mapped[str]
    ciphertext: Mapped[bytes]
