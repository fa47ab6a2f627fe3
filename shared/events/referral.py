"""What the referral service tells: a referral was made; the live handoff moved."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.base import Event

Pathway = Literal[
    "self_referral",
    "active_outreach",
    "naloxone_plus",
    "officer_referral",
    "officer_intervention",
    "community_response",
]


class ReferralEvent(Event):
    owner: ClassVar[str] = "referral"

    referral_id: UUID


class ReferralCreated(ReferralEvent, subject="deflection.referral.created.v1"):
    """A first responder referred a person. Who the person is stays with the referral service."""

    pathway: Pathway


class HandoffAccepted(ReferralEvent, subject="deflection.handoff.accepted.v1"):
    """Somebody from the team took the handoff; the waiting officer can be told so."""

    accepted_by: str


class HandoffEscalated(ReferralEvent, subject="deflection.handoff.escalated.v1"):
    """Nobody had acknowledged the referral in time, so the next people are called."""

    rung: int
