"""Bodies of match candidates."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.domain.matching import Reason
from services.casework.use_cases.decide_match import Decision
from shared.http.bodies import Strict
from shared.http.staff import ShownStaffId

MatchState = Literal["proposed", "linked", "not_the_same", "ask_later"]


class MatchView(BaseModel):
    """Two referrals that may be about one person, and why it seems so."""

    id: UUID
    referral_id: UUID
    other_referral_id: UUID
    participant_id: UUID = Field(description="Who the other referral is about")
    score: int = Field(description="0 to 100; it only orders candidates", examples=[75])
    reasons: list[Reason]
    state: MatchState
    proposed_at: datetime
    decided_by: ShownStaffId | None
    decided_at: datetime | None


class DecisionBody(Strict):
    """What a worker decides."""

    decision: Decision


class SplitView(BaseModel):
    """Who the referral is about now."""

    referral_id: UUID
    participant_id: UUID
