"""Released tables of closed periods: frozen for ever."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class FeedbackRelease(Base):
    """One table for one agency and one closed quarter; what is suppressed is not even stored."""

    __tablename__ = "feedback_release"
    __table_args__ = (
        CheckConstraint("period_from < period_until", name="period_has_days"),
        UniqueConstraint("programme_id", "agency_id", "period_from"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    agency_id: Mapped[str]
    period_from: Mapped[date]
    period_until: Mapped[date]
    rows: Mapped[list[dict[str, Any]]]
    published_at: Mapped[datetime]
    published_by: Mapped[str]
