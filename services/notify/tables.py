"""The notify service's tables: who is to be told what kind of thing, and nothing personal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.audit import log as audit
from shared.db.naming import NAMING
from shared.messaging import tables as messaging

metadata = MetaData(schema="notify", naming_convention=NAMING)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy's own protocol


class Notice(Base):
    """One notice to everybody with a role in a programme; its words are made when it is read."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("kind IN ('referral_arrived', 'nobody_accepted')", name="known_kind"),
        UniqueConstraint("cause_id", "kind"),
        Index("ix_notice_newest", "programme_id", "recipient_role", "caused_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    recipient_role: Mapped[str]
    kind: Mapped[str]
    cause_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    caused_at: Mapped[datetime]


messaging.define(metadata)
audit.define(metadata)
