"""Bodies of restrictions, and of records opened in an emergency."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.casework.domain.access import Review
from shared.http.bodies import Strict
from shared.http.staff import ShownStaffId

STAFF_AT_MOST = 50
NamedStaffId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


class RestrictionBody(Strict):
    """For whom the record is from now on."""

    staff_ids: Annotated[set[NamedStaffId], Field(min_length=1, max_length=STAFF_AT_MOST)] = Field(
        description="Everybody who may still reach it, yourself too if you must",
        examples=[["manager-fern", "coordinator-juniper"]],
    )


class RestrictionView(BaseModel):
    """For whom a record is, besides nobody."""

    model_config = ConfigDict(from_attributes=True)

    restricted_at: datetime | None = Field(description="Nothing if it is not restricted")
    restricted_by: ShownStaffId | None
    staff_ids: list[ShownStaffId]


class BreakGlassBody(Strict):
    """Why the record has to be opened now."""

    reason: Reason = Field(
        description="In your own words; the privacy officer reads it",
        examples=["Found unconscious at the shelter, the medics ask what he takes"],
    )


class BreakGlassView(BaseModel):
    """A record that was opened in an emergency."""

    id: UUID
    participant_id: UUID
    staff_id: ShownStaffId
    reason: str = Field(examples=["Found unconscious at the shelter, the medics ask what he takes"])
    opened_at: datetime
    expires_at: datetime = Field(description="Until then it can be read")
    review: Review | None = Field(description="Nothing until somebody has judged it")
    reviewed_by: ShownStaffId | None
    reviewed_at: datetime | None


class ReviewBody(Strict):
    """How the access is judged."""

    review: Review
