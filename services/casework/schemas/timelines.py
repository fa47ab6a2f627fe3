"""Bodies of timelines."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.casework.tables.timeline import TimelineEntry
from shared.http.codes import shown_code
from shared.http.languages import InBothLanguages


class TimelineLine(BaseModel):
    """One line of a participant's timeline."""

    id: UUID
    source_kind: str = Field(
        description="What kind of thing the line tells of", examples=["referral"]
    )
    source_id: UUID
    referral_id: UUID
    kind: Annotated[str, shown_code("timeline_kinds")]
    label: InBothLanguages = Field(
        description="What the kind is called", examples=[{"en": "Referred", "es": "Derivación"}]
    )
    happened_at: datetime
    detail: dict[str, Any] = Field(
        description="Codes only", examples=[{"pathway": "officer_referral"}]
    )

    @classmethod
    def of(cls, entry: TimelineEntry) -> Self:
        shown = {name: getattr(entry, name) for name in cls.model_fields.keys() - {"label"}}
        return cls(**shown, label=InBothLanguages.of("timeline_kinds", entry.kind))
