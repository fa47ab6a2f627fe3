"""Intakes: referrals as they arrive at casework."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request

from services.casework.schemas.intakes import IntakeLine, IntakeView
from services.casework.use_cases import read_intakes
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/intakes", tags=["intakes"])


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_intakes(
    caller: Annotated[Caller, Depends(acting("list_intakes", Purpose.CARE_COORDINATION))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[IntakeLine]:
    """List the programme's intakes, newest first."""
    before = decode(cursor) if cursor else None
    rows = await read_intakes.list_intakes(session, caller, before=before, limit=limit + 1)
    return paged(
        rows,
        limit=limit,
        show=lambda row: IntakeLine.model_validate(row, from_attributes=True),
        position=lambda row: Position(row.received_at, row.referral_id),
    )


@router.get("/{referral_id}", responses=problems(*ALWAYS))
async def get_intake(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_intake", Purpose.CARE_COORDINATION))],
    session: SessionDep,
    request: Request,
) -> IntakeView:
    """Show one intake with who it is about."""
    seen = await read_intakes.read_intake(
        session, caller, referral_id, vault=request.app.state.vault
    )
    return IntakeView.model_validate(
        {
            "referral_id": seen.intake.referral_id,
            "participant_id": seen.participant_id,
            "pathway": seen.intake.pathway,
            "state": seen.intake.state,
            "received_at": seen.intake.received_at,
            "identity": orjson.loads(bytes(seen.identity)) if seen.identity else None,
        }
    )
