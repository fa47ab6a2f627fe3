"""People as the programme knows them, the referrals about them, and who might be one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class Participant(Base):
    """One person; provisional, one per referral, until somebody links what is one.

    A provisional participant that was linked stays as a row: its key seals the identity that came
    with its referral, and splitting gives the referral back to it.
    """

    __tablename__ = "participant"
    __table_args__ = (Index("ix_participant_merged_into_id", "merged_into_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    created_at: Mapped[datetime]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("casework.participant.id"))
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class ParticipantReferral(Base):
    """Which person a referral is about: the only place that says so."""

    __tablename__ = "participant_referral"
    __table_args__ = (Index("ix_participant_referral_participant_id", "participant_id"),)

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("casework.participant.id"))
    programme_id: Mapped[str]
    linked_at: Mapped[datetime]


class Intake(Base):
    """A referral as it arrives at casework; its identity follows by a call of our own.

    The identity is sealed under `identity_subject_id`, the participant the referral began with,
    whoever it is about today.
    """

    __tablename__ = "intake"
    __table_args__ = (
        CheckConstraint("state IN ('identity_arriving', 'ready')", name="known_state"),
        CheckConstraint(
            "(state = 'ready') = (identity_ciphertext IS NOT NULL)", name="ready_with_identity"
        ),
        CheckConstraint(
            "(identity_ciphertext IS NULL) OR (identity_subject_id IS NOT NULL)",
            name="sealed_under_somebody",
        ),
        Index("ix_intake_newest", "programme_id", "received_at", "referral_id"),
        Index("ix_intake_agency", "programme_id", "agency_id", "received_at"),
    )

    referral_id: Mapped[UUID] = mapped_column(
        ForeignKey("casework.participant_referral.referral_id"), primary_key=True
    )
    programme_id: Mapped[str]
    pathway: Mapped[str]
    referred_by: Mapped[str | None]
    agency_id: Mapped[str | None]
    state: Mapped[str]
    received_at: Mapped[datetime]
    identity_subject_id: Mapped[UUID | None]
    identity_ciphertext: Mapped[bytes | None]


class ReferralFact(Base):
    """What the referral service told of a referral and its handoff, in whatever order it came."""

    __tablename__ = "referral_fact"

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    policy_id: Mapped[str | None]
    policy_version: Mapped[int | None] = mapped_column(Integer)
    stated_result: Mapped[str | None]
    repeat_rule_kind: Mapped[str | None]
    repeat_days: Mapped[int | None] = mapped_column(Integer)
    accepted_by: Mapped[str | None]
    accepted_role_code: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    person_agreed_at: Mapped[datetime | None]
    agreement_used: Mapped[bool] = mapped_column(Boolean, server_default="false")
    person_declined_at: Mapped[datetime | None]
    officer_released_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class MatchKey(Base):
    """A keyed hash of something a referral says of its person: it finds, and reveals nothing."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_digest", "programme_id", "digest"),)

    referral_id: Mapped[UUID] = mapped_column(
        ForeignKey("casework.intake.referral_id"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    programme_id: Mapped[str]


class MatchCandidate(Base):
    """Somebody a new referral might be about, with the reasons; a worker decides."""

    __tablename__ = "match_candidate"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'linked', 'not_the_same', 'ask_later')", name="known_state"
        ),
        CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)",
            name="decided_by_somebody",
        ),
        UniqueConstraint("referral_id", "other_referral_id"),
        Index("ix_match_candidate_open", "programme_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("casework.intake.referral_id"))
    other_referral_id: Mapped[UUID] = mapped_column(ForeignKey("casework.intake.referral_id"))
    score: Mapped[int] = mapped_column(Integer)
    reasons: Mapped[list[str]]
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class ReturnAlert(Base):
    """That somebody known came back: told to who knew them once the referrer has been released."""

    __tablename__ = "return_alert"

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    staff_ids: Mapped[list[str]]
    not_before: Mapped[datetime]
    announced_at: Mapped[datetime | None]
