"""HTTP bodies of the referral service."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PastDate,
    StrictBool,
    StringConstraints,
)

from services.referral.domain.handoff import HandoffState
from services.referral.domain.referrer_view import ReferrerStatus
from shared.events.referral import Pathway

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().-]{7,20}$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def _as_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a date is written as text")  # noqa: TRY004 - what Pydantic reports
    return value


# A number would be taken as seconds since 1970.
BirthDate = Annotated[PastDate, BeforeValidator(_as_text)]


class Strict(BaseModel):
    """A body in which an unknown field is an error: a typing slip must not lose what was meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Strict):
    """Who is referred, as far as the referrer knows."""

    name: Line | None = Field(None, examples=["Test Participant Birch"])
    date_of_birth: BirthDate | None = Field(None, examples=["1990-01-31"])
    phone: Phone | None = Field(None, examples=["555-0142"])
    description: Line | None = Field(None, examples=["green jacket, by the bus stop"])


class ReferralDetails(Strict):
    """What is personal in a referral: kept encrypted, never part of an event."""

    need: Literal["substance_use", "mental_health", "both", "not_sure"] = Field(
        description="What the person's need seems to be", examples=["substance_use"]
    )
    person: Person | None = None
    meeting_place: Line | None = Field(None, examples=["Test Square, north side"])
    willing: StrictBool | None = Field(
        None, description="Whether the person wants to meet the team"
    )
    note: Note | None = None


class ReferralBody(ReferralDetails):
    """A referral. Two fields are enough: `pathway` and `need`."""

    pathway: Pathway = Field(
        description="Which door this is (PTACC pathways to deflection)",
        examples=["officer_referral"],
    )

    def packet(self) -> bytes:
        """Return all that is personal, as JSON."""
        return self.model_dump_json(exclude={"pathway"}, exclude_none=True).encode()


class ReferralReceipt(BaseModel):
    """Your referral is safe with the programme; sending it again changes nothing."""

    id: UUID
    received_at: datetime


class ReferralView(BaseModel):
    """What you typed, and where the live handoff stands."""

    id: UUID
    pathway: Pathway
    received_at: datetime
    status: ReferrerStatus
    details: ReferralDetails


class HandoffView(BaseModel):
    """A handoff and who has it."""

    id: UUID
    referral_id: UUID
    state: HandoffState
    accepted_by: str | None
    accepted_at: datetime | None
