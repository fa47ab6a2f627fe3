"""Bodies of goals and needs."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.casework.domain.goals import GoalState
from services.casework.domain.needs import NeedState
from shared.http.bodies import Strict
from shared.http.codes import code_field, shown_code
from shared.http.staff import ShownStaffId

GoalWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class GoalBody(Strict):
    """What the person wants to reach."""

    episode_id: UUID
    words: GoalWords = Field(
        description="In their own words", examples=["A place of my own before winter"]
    )


class GoalEndBody(Strict):
    """How it ended."""

    state: Literal["reached", "dropped"]


class GoalView(BaseModel):
    """A goal with its words."""

    id: UUID
    episode_id: UUID
    words: str = Field(examples=["A place of my own before winter"])
    state: GoalState
    set_at: datetime
    set_by: ShownStaffId
    ended_at: datetime | None


class Goals(BaseModel):
    """An episode's goals, oldest first."""

    items: list[GoalView]


class NotConnectedBody(Strict):
    """Why nobody was found so far."""

    reason_code: Annotated[str, code_field("not_connected_reasons")] = Field(
        examples=["no_capacity"]
    )


class NeedView(BaseModel):
    """A need that the person named."""

    id: UUID
    episode_id: UUID
    need_code: Annotated[str, shown_code("needs")]
    state: NeedState
    reason_code: Annotated[str, shown_code("not_connected_reasons")] | None
    identified_at: datetime
    identified_by: ShownStaffId
    settled_at: datetime | None


class Needs(BaseModel):
    """An episode's needs, oldest first."""

    items: list[NeedView]
