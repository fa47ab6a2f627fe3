"""Bodies of timelines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class TimelineLine(BaseModel):
    """One line of a participant's timeline."""

    id: UUID
    source_kind: str = Field(description="What kind of thing the line tells of")
    source_id: UUID
    referral_id: UUID
    kind: str = Field(examples=["referral_created"])
    happened_at: datetime
    detail: dict[str, Any] = Field(
        description="Codes only", examples=[{"pathway": "officer_referral"}]
    )
