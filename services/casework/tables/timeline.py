"""The timeline. Who an entry is about is resolved when it is read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class TimelineEntry(Base):
    """One line of a timeline: one event of one aggregate; *detail* holds codes only.

    *added_at* is real time, of the beginning of the transaction that added it: a reader who comes
    back goes on by it.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_newest", "referral_id", "happened_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
    programme_id: Mapped[str]
    referral_id: Mapped[UUID]
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]]
    added_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
