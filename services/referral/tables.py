"""The referral service's tables. What identifies a person is ciphertext, apart from the rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.audit import log as audit
from shared.db.naming import NAMING
from shared.http import idempotency
from shared.messaging import tables as messaging
from shared.vault import keys

metadata = MetaData(schema="referral", naming_convention=NAMING)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: JSONB,
    }


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


class Handoff(Base):
    """The live handoff of a referral to somebody from the team."""

    __tablename__ = "handoff"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'escalated', 'accepted')", name="known_state"),
        CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL AND accepted_by IS NOT NULL)",
            name="accepted_by_somebody",
        ),
        CheckConstraint(
            "state <> 'escalated' OR escalated_at IS NOT NULL", name="escalated_at_a_time"
        ),
        UniqueConstraint("referral_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.referral.id"))
    programme_id: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    requested_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]


messaging.define(metadata)
idempotency.define(metadata)
audit.define(metadata)
keys.define(metadata)
