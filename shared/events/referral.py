"""What the referral service tells: a referral was made; the live handoff moved; staff changed."""

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
EligibilityResult = Literal["eligible", "not_eligible", "coordinator_decides"]


class ReferralEvent(Event):
    owner: ClassVar[str] = "referral"

    referral_id: UUID


class ReferralCreated(ReferralEvent, subject="deflection.referral.created.v1"):
    """A first responder referred a person. Who the person is stays with the referral service.

    Who referred and from which agency was added later: events told before do not say.
    """

    pathway: Pathway
    referred_by: str | None = None
    agency_id: str | None = None


class ReferralEligibilityDecided(
    ReferralEvent, subject="deflection.referral.eligibility_decided.v1"
):
    """What the county's policy in force says of what the referrer stated, and of nothing else.

    The repeat rule is told along, not applied: history is judged in casework.
    """

    policy_id: str
    policy_version: int
    result: EligibilityResult
    reason_codes: tuple[str, ...]
    repeat_rule_kind: str | None
    repeat_days: int | None


class ReferralWithdrawn(ReferralEvent, subject="deflection.referral.withdrawn.v1"):
    """Whoever made the referral took it back, or the team did."""

    reason_code: str
    withdrawn_by: str


class HandoffRequested(ReferralEvent, subject="deflection.handoff.requested.v1"):
    """A referral waits for somebody from the team."""


class HandoffOffered(ReferralEvent, subject="deflection.handoff.offered.v1"):
    """The people of one rung of the ladder are asked to take the handoff."""

    rung: int
    offered_to_ids: tuple[str, ...]


class HandoffDeclined(ReferralEvent, subject="deflection.handoff.declined.v1"):
    """One of those who were asked cannot come."""

    declined_by: str
    reason_code: str


class HandoffEscalated(ReferralEvent, subject="deflection.handoff.escalated.v1"):
    """Nobody had accepted in time, so the people of the next rung are called."""

    rung: int


class HandoffAccepted(ReferralEvent, subject="deflection.handoff.accepted.v1"):
    """Somebody from the team took the handoff; the waiting officer can be told so.

    As what they work was added later: events told before do not say.
    """

    accepted_by: str
    accepted_role_code: str | None = None


class HandoffDeparted(ReferralEvent, subject="deflection.handoff.departed.v1"):
    """Whoever accepted is on the way."""


class HandoffArrived(ReferralEvent, subject="deflection.handoff.arrived.v1"):
    """Whoever accepted has arrived where the officer waits."""


class HandoffMet(ReferralEvent, subject="deflection.handoff.met.v1"):
    """Whoever accepted has met the person."""


class HandoffPersonAgreed(ReferralEvent, subject="deflection.handoff.person_agreed.v1"):
    """The person agreed to work with the team."""


class HandoffPersonDeclined(ReferralEvent, subject="deflection.handoff.person_declined.v1"):
    """The person does not want to, today. They may come again, and nothing follows from it."""


class HandoffOfficerReleased(ReferralEvent, subject="deflection.handoff.officer_released.v1"):
    """The officer can go: from now on they read "received by the programme"."""


class HandoffExpired(ReferralEvent, subject="deflection.handoff.expired.v1"):
    """The ladder has no further rung: nobody came, and somebody must call the person later."""


class HandoffWithdrawn(ReferralEvent, subject="deflection.handoff.withdrawn.v1"):
    """The referral was taken back before anybody came."""


class StaffChanged(Event, subject="deflection.staff.changed.v1"):
    """Somebody joined, left, or has another role or agency."""

    owner: ClassVar[str] = "referral"

    staff_id: str
    role_codes: tuple[str, ...]
    agency_id: str | None
    active: bool
