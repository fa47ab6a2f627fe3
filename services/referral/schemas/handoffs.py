"""Bodies of handoffs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from services.referral.domain.handoff import HandoffState
from shared.http.bodies import Strict
from shared.http.codes import code_field
from shared.http.staff import ShownStaffId


class HandoffView(BaseModel):
    """A handoff and who has it."""

    id: UUID
    referral_id: UUID
    state: HandoffState
    rung: int = Field(description="How far up the ladder it has been called; 0 before the first")
    accepted_by: ShownStaffId | None
    accepted_at: datetime | None
    officer_released_at: datetime | None


class OfferView(BaseModel):
    """Somebody who was asked."""

    staff_id: ShownStaffId
    rung: int
    offered_at: datetime
    declined_at: datetime | None


class OpenHandoffView(HandoffView):
    """A handoff that waits for somebody, since when, and who was asked."""

    requested_at: datetime
    offers: list[OfferView]


class DeclineBody(Strict):
    """Why you cannot come."""

    reason_code: Annotated[str, code_field("decline_reasons")] = Field(examples=["busy"])


class PersonAnswerBody(Strict):
    """What the person answered."""

    agreed: StrictBool
