"""Who is on the staff, as the referral service tells it, and where each wants mail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.tables.base import Base


class Staff(Base):
    """A projection of `staff.changed`: the highest version that was heard."""

    __tablename__ = "staff"

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    role_codes: Mapped[list[str]]
    agency_id: Mapped[str | None]
    active: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer)


class DeliveryAddress(Base):
    """Where one member of staff gets mail, and in which language."""

    __tablename__ = "delivery_address"
    __table_args__ = (CheckConstraint("language_code IN ('en', 'es')", name="known_language"),)

    programme_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    language_code: Mapped[str]
    changed_at: Mapped[datetime]
