"""Released tables of closed periods, as casework published them: no fact about a participant."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.tables.base import Base


class FeedbackRelease(Base):
    """One table for one agency; announced first, and complete once its rows are fetched."""

    __tablename__ = "feedback_release"
    __table_args__ = (
        CheckConstraint("(rows IS NULL) = (threshold IS NULL)", name="complete_or_announced"),
        Index("ix_feedback_release_newest", "programme_id", "published_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    agency_id: Mapped[str]
    period_from: Mapped[date]
    period_until: Mapped[date]
    published_at: Mapped[datetime]
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    threshold: Mapped[int | None] = mapped_column(Integer)
