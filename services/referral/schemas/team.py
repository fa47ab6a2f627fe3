"""Bodies of ladder, shifts, staff and the programme's policy."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StrictBool, model_validator

from services.referral.domain.county_policies import county_policies
from services.referral.schemas.referrals import Line
from shared.http.bodies import Strict, TimeZoneName, to_mend
from shared.http.codes import code_field
from shared.http.staff import ShownStaffId, TeamRole


def _known_policy(policy_id: str) -> str:
    if policy_id not in county_policies():
        raise to_mend(f"Use one of: {', '.join(sorted(county_policies()))}.")
    return policy_id


RoleCode = Annotated[str, code_field("roles")]


class RungBody(Strict):
    """Everybody on duty in this role is asked, and has this long."""

    role_code: TeamRole
    wait_minutes: int = Field(ge=1, le=240)


class LadderBody(Strict):
    """Whom to ask, first rung first."""

    rungs: list[RungBody] = Field(min_length=1, max_length=10)


class ShiftBody(Strict):
    """When somebody is on duty, and as what."""

    staff_id: Line = Field(examples=["peer-willow"])
    role_code: TeamRole
    starts_at: AwareDatetime
    ends_at: AwareDatetime = Field(examples=["2026-03-03T01:30:00Z"])

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise to_mend("A shift ends after it starts.")
        return self


class ShiftView(ShiftBody):
    id: UUID


class Shifts(BaseModel):
    """Shifts that have not ended, soonest first."""

    items: list[ShiftView]


class StaffBody(Strict):
    """What notices need to know of somebody."""

    role_codes: list[RoleCode] = Field(max_length=10, examples=[["peer"]])
    agency_id: Line | None = Field(None, examples=["hemlock-police"])
    responder_kind: Literal["officer", "ems", "fire", "other"] | None = None
    active: StrictBool = True


class StaffView(StaffBody):
    staff_id: ShownStaffId


class Staff(BaseModel):
    """Everybody who works with the programme."""

    items: list[StaffView]


class ProgrammeBody(Strict):
    """Which county's policy the programme goes by, and in which zone its days begin."""

    policy_id: Annotated[Line, AfterValidator(_known_policy)] = Field(examples=["multnomah"])
    time_zone: TimeZoneName
