"""Who can be asked: ladder, shifts, staff; and the county policy the programme goes by."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import UUID7

from services.referral.errors import ShiftIdTaken
from services.referral.schemas.team import (
    LadderBody,
    ProgrammeBody,
    RungBody,
    ShiftBody,
    Shifts,
    ShiftView,
    Staff,
    StaffBody,
    StaffView,
)
from services.referral.use_cases import keep_shifts, keep_staff, set_ladder, set_programme
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import Limit
from shared.http.problems import problems
from shared.http.staff import StaffId
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["team"])

SetsUp = Annotated[Caller, Depends(acting("set_up_team", Purpose.ADMINISTRATION))]
Reads = Annotated[
    Caller, Depends(acting("read_team", Purpose.ADMINISTRATION, Purpose.CARE_COORDINATION))
]


@router.put("/ladder", responses=problems(*ALWAYS))
async def put_ladder(body: LadderBody, caller: SetsUp, session: SessionDep) -> LadderBody:
    """Set whom a handoff is offered to, rung by rung."""
    await set_ladder.set_ladder(session, caller, [rung.model_dump() for rung in body.rungs])
    return body


@router.get("/ladder", responses=problems(*ALWAYS))
async def get_ladder(caller: Reads, session: SessionDep) -> LadderBody:
    """Show whom a handoff is offered to, rung by rung."""
    rungs = await set_ladder.read_ladder(session, caller)
    return LadderBody(
        rungs=[
            RungBody.model_validate(
                {
                    "role_code": each.role_code,
                    "wait_minutes": int(each.wait.total_seconds() // 60),
                }
            )
            for each in rungs
        ]
    )


@router.put("/shifts/{shift_id}", responses=problems(ShiftIdTaken, *ALWAYS))
async def put_shift(
    shift_id: UUID7, body: ShiftBody, caller: SetsUp, session: SessionDep
) -> ShiftView:
    """Say when somebody is on duty, and as what."""
    await keep_shifts.put_shift(session, caller, shift_id, body.model_dump())
    return ShiftView(id=shift_id, **body.model_dump())


@router.delete(
    "/shifts/{shift_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(*ALWAYS)
)
async def delete_shift(shift_id: UUID, caller: SetsUp, session: SessionDep) -> None:
    """Take a shift off the roster."""
    await keep_shifts.delete_shift(session, caller, shift_id)


@router.get("/shifts", responses=problems(*ALWAYS))
async def get_shifts(caller: Reads, session: SessionDep, limit: Limit = 100) -> Shifts:
    """List the shifts that have not ended, soonest first."""
    found = await keep_shifts.read_shifts(session, caller, limit=limit)
    return Shifts(items=[ShiftView.model_validate(each, from_attributes=True) for each in found])


@router.put("/staff/{staff_id}", responses=problems(*ALWAYS))
async def put_staff(
    staff_id: StaffId, body: StaffBody, caller: SetsUp, session: SessionDep
) -> StaffView:
    """Say what notices need to know of somebody."""
    await keep_staff.put_staff(session, caller, staff_id, body.model_dump())
    return StaffView(staff_id=staff_id, **body.model_dump())


@router.get("/staff", responses=problems(*ALWAYS))
async def get_staff(caller: Reads, session: SessionDep, limit: Limit = 100) -> Staff:
    """List who works with the programme."""
    found = await keep_staff.read_staff(session, caller, limit=limit)
    return Staff(items=[StaffView.model_validate(each, from_attributes=True) for each in found])


@router.put("/programme", responses=problems(*ALWAYS))
async def put_programme(body: ProgrammeBody, caller: SetsUp, session: SessionDep) -> ProgrammeBody:
    """Set which county's eligibility policy the programme goes by."""
    await set_programme.set_programme(
        session, caller, policy_id=body.policy_id, time_zone=body.time_zone
    )
    return body


@router.get("/programme", responses=problems(*ALWAYS))
async def get_programme(caller: Reads, session: SessionDep) -> ProgrammeBody | None:
    """Show which county's policy the programme goes by; nothing if none is set."""
    found = await set_programme.read_programme(session, caller)
    return ProgrammeBody.model_validate(found, from_attributes=True) if found else None
