"""Bodies of intakes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.domain.intake import IntakeState
from shared.http.codes import shown_code


class IntakeLine(BaseModel):
    """One referral as it stands at casework; who it is about is read one by one."""

    referral_id: UUID
    participant_id: UUID
    pathway: Annotated[str, shown_code("pathways")]
    state: IntakeState
    received_at: datetime


class IntakeView(IntakeLine):
    """An intake with its identity, once that has arrived."""

    identity: dict[str, Any] | None = Field(
        description="What the referrer stated of the person; empty while it is arriving",
        examples=[{"need": "substance_use", "person": {"name": "Test Participant Birch"}}],
    )
