"""Bodies of what is current about one person, and of their history before a referral."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.casework.domain.eligibility_history import RepeatResult
from services.casework.schemas.episodes import EpisodeWithTeam
from services.casework.schemas.goals import GoalView, NeedView
from services.casework.schemas.work import FollowupView, SafeContactView
from shared.http.codes import shown_code


class ReferralLine(BaseModel):
    """One referral about the person."""

    model_config = ConfigDict(from_attributes=True)

    referral_id: UUID
    pathway: Annotated[str, shown_code("pathways")]
    received_at: datetime


class EpisodeOfParticipant(EpisodeWithTeam):
    """An episode with what is still open in it."""

    goals: list[GoalView]
    needs: list[NeedView] = Field(description="Those that nobody meets yet")
    followups: list[FollowupView] = Field(description="Those ahead and due, soonest first")


class ParticipantView(BaseModel):
    """What is current about one person, on one page; what happened is on the timeline."""

    id: UUID
    merged_into_id: UUID | None = Field(
        description="Whom to ask for instead, if this turned out to be the same person"
    )
    referrals: list[ReferralLine] = Field(description="Newest first")
    episodes: list[EpisodeOfParticipant] = Field(description="Newest first")
    safe_contact: SafeContactView | None = Field(
        description="How they may be reached; nothing if nobody has asked them"
    )


class RuleView(BaseModel):
    """The county's limit on coming again, of the version in force at the referral."""

    model_config = ConfigDict(from_attributes=True)

    policy_id: str = Field(examples=["multnomah"])
    policy_version: int
    kind: str = Field(examples=["not_within_days_of_unsuccessful_end"])
    days: int


class EndView(BaseModel):
    """A time an episode of the person was closed."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    reason_code: Annotated[str, shown_code("closing_reasons")]
    unsuccessful: bool = Field(description="Whether it counts for the rule")


class EligibilityHistoryView(BaseModel):
    """Whether the person may come again by the county's rule; no officer is ever told."""

    model_config = ConfigDict(from_attributes=True)

    result: RepeatResult
    rule: RuleView | None
    stated_result: Annotated[str, shown_code("eligibility_results")] | None = Field(
        description="What the referrer was told, from what they said"
    )
    earlier: list[ReferralLine] = Field(description="Newest first")
    ends: list[EndView] = Field(description="Newest first")
