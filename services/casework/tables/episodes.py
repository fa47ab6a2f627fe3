"""Episodes: work with a person from outreach to its end, who does it, and what it is for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class Episode(Base):
    """One stretch of work; it hangs on the referral it began with. Reopened, it keeps its goals."""

    __tablename__ = "episode"
    __table_args__ = (
        CheckConstraint(
            "state IN ('outreach', 'enrolled', 'paused', 'closed')", name="known_state"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_time"),
        CheckConstraint(
            "(state = 'closed') = (close_reason_code IS NOT NULL)", name="closed_for_a_reason"
        ),
        CheckConstraint(
            "state NOT IN ('enrolled', 'paused') OR enrolled_at IS NOT NULL",
            name="enrolled_at_a_time",
        ),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        Index("ix_episode_state", "programme_id", "state", "opened_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID] = mapped_column(unique=True)
    state: Mapped[str]
    sequence: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime]
    enrolled_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason_code: Mapped[str | None]


class CareTeamMember(Base):
    """Who works on an episode, as what; kept after they leave, because they knew the person."""

    __tablename__ = "care_team_member"

    episode_id: Mapped[UUID] = mapped_column(ForeignKey("casework.episode.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    role_code: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Need(Base):
    """A need the person named, and whether they are connected with somebody who meets it."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(
            "state IN ('identified', 'connected', 'not_connected')", name="known_state"
        ),
        CheckConstraint("(state = 'identified') = (settled_at IS NULL)", name="settled_at_a_time"),
        CheckConstraint(
            "(state = 'not_connected') = (reason_code IS NOT NULL)",
            name="not_connected_for_a_reason",
        ),
        Index("ix_need_episode_id", "episode_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("casework.episode.id"))
    referral_id: Mapped[UUID]
    need_code: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    identified_at: Mapped[datetime]
    identified_by: Mapped[str]
    settled_at: Mapped[datetime | None]
    reason_code: Mapped[str | None]


class Goal(Base):
    """What the person wants to reach, in their words, encrypted under the episode's id."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'reached', 'dropped')", name="known_state"),
        Index("ix_goal_episode_id", "episode_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("casework.episode.id"))
    referral_id: Mapped[UUID]
    words_ciphertext: Mapped[bytes]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    ended_at: Mapped[datetime | None]
