"""What is done with a person: contacts, follow-ups, and how they may safely be reached."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class Contact(Base):
    """One try to be in touch, met with success or not; free text is encrypted under the contact."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("kind IN ('attempted', 'made')", name="known_kind"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
        Index("ix_contact_episode_id", "episode_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("casework.episode.id"))
    referral_id: Mapped[UUID]
    kind: Mapped[str]
    mode_code: Mapped[str]
    place_code: Mapped[str | None]
    outcome_code: Mapped[str]
    police_present: Mapped[bool | None] = mapped_column(Boolean)
    supplies: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    minutes: Mapped[int | None] = mapped_column(Integer)
    note_ciphertext: Mapped[bytes | None]
    logged_by: Mapped[str]
    logged_at: Mapped[datetime]


class Followup(Base):
    """One planned time to be in touch; whether it is overdue is computed when it is read."""

    __tablename__ = "followup"
    __table_args__ = (
        CheckConstraint(
            "state IN ('scheduled', 'due', 'completed', 'missed', 'cancelled')", name="known_state"
        ),
        CheckConstraint(
            "(state = 'completed') = (completed_at IS NOT NULL AND completed_by IS NOT NULL)",
            name="completed_by_somebody",
        ),
        CheckConstraint("window_ends_at > due_at", name="window_after_due"),
        UniqueConstraint("episode_id", "sequence", "kind"),
        Index("ix_followup_state", "programme_id", "state", "due_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("casework.episode.id"))
    referral_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    planned_for: Mapped[datetime]
    due_at: Mapped[datetime]
    window_ends_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    contact_id: Mapped[UUID | None]


class SafeContact(Base):
    """How the person of a referral may safely be reached; the newest about the person counts."""

    __tablename__ = "safe_contact"
    __table_args__ = (CheckConstraint("from_time < until_time", name="hours_of_one_day"),)

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    time_zone: Mapped[str]
    from_time: Mapped[time]
    until_time: Mapped[time]
    mode_codes: Mapped[list[str]]
    may_leave_message: Mapped[bool] = mapped_column(Boolean)
    may_name_programme: Mapped[bool] = mapped_column(Boolean)
    language_code: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str]
