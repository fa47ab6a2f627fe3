"""Bodies of episodes and their care teams."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.domain.episodes import EpisodeState
from shared.http.bodies import Strict
from shared.http.codes import code_field, shown_code
from shared.http.staff import ShownStaffId, TeamRole


class EpisodeView(BaseModel):
    """One stretch of work with a person."""

    id: UUID
    referral_id: UUID = Field(description="The referral it began with")
    state: EpisodeState
    sequence: int = Field(description="How often outreach began; 1 is the first time")
    opened_at: datetime
    enrolled_at: datetime | None
    closed_at: datetime | None
    close_reason_code: Annotated[str, shown_code("closing_reasons")] | None


class TeamMemberView(BaseModel):
    """Somebody who works, or worked, on the episode."""

    staff_id: ShownStaffId
    role_code: Annotated[str, shown_code("roles")] = Field(examples=["peer"])
    since: datetime
    until: datetime | None


class EpisodeWithTeam(EpisodeView):
    team: list[TeamMemberView]


class PauseBody(Strict):
    """Why the work rests."""

    reason_code: Annotated[str, code_field("pause_reasons")] = Field(examples=["in_treatment"])


class ClosureBody(Strict):
    """Why the work ends."""

    reason_code: Annotated[str, code_field("closing_reasons")] = Field(examples=["completed"])


class TeamMemberBody(Strict):
    """As what somebody works on the episode."""

    role_code: TeamRole = Field(examples=["peer"])
