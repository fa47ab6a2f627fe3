"""Consents, what a person said yes to, and what was granted to leave the programme."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.casework.tables.base import Base


class Consent(Base):
    """One consent with what 42 CFR 2.31 asks; it hangs on a referral and is the person's."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("state IN ('in_force', 'revoked', 'expired')", name="known_state"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_at_a_time"),
        CheckConstraint("expires_at > granted_at", name="expires_later"),
        Index("ix_consent_referral_id", "referral_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID]
    kind: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    purpose_code: Mapped[str]
    content_codes: Mapped[list[str]]
    language_code: Mapped[str]
    text_version: Mapped[int] = mapped_column(Integer)
    signed_by_code: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    recorded_by: Mapped[str]


class OfficerNotice(Base):
    """The person's own yes to one notice to whoever made one referral."""

    __tablename__ = "officer_notice"
    __table_args__ = (UniqueConstraint("referral_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID]
    kind: Mapped[str]
    agreed_at: Mapped[datetime]
    recorded_by: Mapped[str]


class Disclosure(Base):
    """One single-use grant and what became of it: the accounting of disclosures (42 CFR 2.25)."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("state IN ('granted', 'handed_over', 'not_sent')", name="known_state"),
        CheckConstraint("(state = 'granted') = (reported_at IS NULL)", name="reported_at_a_time"),
        Index("ix_disclosure_referral_id", "referral_id", "granted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[str]
    referral_id: Mapped[UUID]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("casework.officer_notice.id"), unique=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("casework.consent.id"))
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    purpose_code: Mapped[str]
    content_code: Mapped[str]
    basis_code: Mapped[str]
    statement_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
