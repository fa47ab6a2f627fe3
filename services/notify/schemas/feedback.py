"""Released tables as they are read."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.http.languages import InBothLanguages
from shared.http.staff import ShownAgencyId


class CellView(BaseModel):
    """One line of a table; what is not shown has no number."""

    measure: str = Field(examples=["connected"])
    label: InBothLanguages
    shown: bool
    people: int | None
    of: int | None
    percent: float | None
    why_hidden: str | None = Field(examples=["small_numbers"])


class ReleaseView(BaseModel):
    """A table of a closed period, released to one agency once and for ever."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    agency_id: ShownAgencyId
    period_from: date
    period_until: date = Field(description="The first day that no longer belongs to it")
    published_at: datetime
    threshold: int = Field(description="Fewer people than this are not shown")
    rows: list[CellView]
