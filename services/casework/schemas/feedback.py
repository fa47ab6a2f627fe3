"""Bodies of released tables."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.casework.domain.feedback import THRESHOLD, quarter_from
from shared.http.bodies import Strict, to_mend
from shared.http.languages import InBothLanguages
from shared.http.staff import ShownAgencyId

AgencyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]


def _begins_a_quarter(day: date) -> date:
    try:
        quarter_from(day)
    except ValueError:
        raise to_mend("Use the first day of January, April, July or October.") from None
    return day


class ReleaseBody(Strict):
    """Whose table, and of which quarter."""

    agency_id: AgencyId = Field(examples=["hemlock-police"])
    period_from: Annotated[date, AfterValidator(_begins_a_quarter)] = Field(
        description="The first day of a calendar quarter, in UTC", examples=["2026-07-01"]
    )


class RowView(BaseModel):
    """One line of the table; what is not shown has no number."""

    measure: str = Field(examples=["connected"])
    label: InBothLanguages
    shown: bool
    people: int | None = Field(description="Distinct people, never events")
    of: int | None = Field(description="The denominator: distinct people referred")
    percent: float | None
    why_hidden: str | None = Field(
        description="One code, whichever rule hid it", examples=["small_numbers"]
    )


class ReleaseView(BaseModel):
    """A table of a closed quarter, released to one agency once and for ever."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    agency_id: ShownAgencyId
    period_from: date
    period_until: date = Field(description="The first day that no longer belongs to it")
    published_at: datetime
    rows: list[RowView]
    threshold: int = Field(THRESHOLD, description="Fewer people than this are not shown")
