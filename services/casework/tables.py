"""The casework service's tables. Who a timeline entry is about is resolved when it is read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.audit import log as audit
from shared.db.naming import NAMING
from shared.messaging import tables as messaging
from shared.vault import keys

metadata = MetaData(schema="casework", naming_convention=NAMING)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        str: Text,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        dict[str, Any]: JSONB,
    }


class Participant(Base):
    """One person as the programme knows them; provisional until somebody links what is one."""

    __tablename__ = "participant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    created_at: Mapped[datetime]


class ParticipantReferral(Base):
    """Which person a referral is about: the only place that says so.

    Timelines follow an update here by themselves. An identity that was sealed before does not: it
    must be sealed anew under the person's key.
    """

    __tablename__ = "participant_referral"
    __table_args__ = (Index("ix_participant_referral_participant_id", "participant_id"),)

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("casework.participant.id"))
    programme_id: Mapped[str]
    linked_at: Mapped[datetime]


class Intake(Base):
    """A referral as it arrives at casework; its identity follows by a call of our own."""

    __tablename__ = "intake"
    __table_args__ = (
        CheckConstraint("state IN ('identity_arriving', 'ready')", name="known_state"),
        CheckConstraint(
            "(state = 'ready') = (identity_ciphertext IS NOT NULL)", name="ready_with_identity"
        ),
        Index("ix_intake_newest", "programme_id", "received_at", "referral_id"),
    )

    referral_id: Mapped[UUID] = mapped_column(
        ForeignKey("casework.participant_referral.referral_id"), primary_key=True
    )
    programme_id: Mapped[str]
    pathway: Mapped[str]
    state: Mapped[str]
    received_at: Mapped[datetime]
    identity_ciphertext: Mapped[bytes | None]


class TimelineEntry(Base):
    """One line of a timeline, keyed by the aggregate it came from."""

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_referral_id", "referral_id", "happened_at"),)

    source_kind: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID]
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]]


messaging.define(metadata)
audit.define(metadata)
keys.define(metadata)
