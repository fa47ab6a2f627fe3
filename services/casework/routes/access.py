"""Who may reach a record: restrictions, and what was opened in an emergency."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status

from services.casework.errors import BreakGlassDiffers, ReviewDiffers
from services.casework.schemas.access import (
    BreakGlassBody,
    BreakGlassView,
    RestrictionBody,
    RestrictionView,
    ReviewBody,
)
from services.casework.use_cases import break_glass, restrict_record
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.auth import AuthenticationTooOld
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["access"])

CARE = Purpose.CARE_COORDINATION
PRIVACY = Purpose.PRIVACY
Restricts = Annotated[Caller, Depends(acting("restrict_record", CARE, PRIVACY))]


@router.get("/participants/{participant_id}/restriction", responses=problems(*ALWAYS))
async def get_restriction(
    participant_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_restriction", CARE, PRIVACY))],
    session: SessionDep,
) -> RestrictionView:
    """Show whether a record is restricted, and for whom it is."""
    return _restriction(await restrict_record.read_restriction(session, caller, participant_id))


@router.put("/participants/{participant_id}/restriction", responses=problems(*ALWAYS))
async def put_restriction(
    participant_id: UUID, body: RestrictionBody, caller: Restricts, session: SessionDep
) -> RestrictionView:
    """Have a record be for named people alone: not for its care team, nor for supervisors."""
    return _restriction(
        await restrict_record.restrict_record(
            session, caller, participant_id, staff_ids=body.staff_ids
        )
    )


@router.put("/participants/{participant_id}/restriction/lifting", responses=problems(*ALWAYS))
async def put_lifting(
    participant_id: UUID, caller: Restricts, session: SessionDep
) -> RestrictionView:
    """Have a record be for its care team and their supervisors again."""
    return _restriction(await restrict_record.lift_restriction(session, caller, participant_id))


@router.put(
    "/participants/{participant_id}/break-glass-accesses/{access_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(BreakGlassDiffers, AuthenticationTooOld, *ALWAYS),
)
async def put_break_glass(
    participant_id: UUID,
    access_id: UUID,
    body: BreakGlassBody,
    caller: Annotated[Caller, Depends(acting("break_glass", CARE, fresh=True))],
    session: SessionDep,
    request: Request,
) -> BreakGlassView:
    """Open one record in an emergency: 15 minutes, to read. The privacy officer is told at once.

    Needs a sign-in of the last five minutes.
    """
    return _access(
        await break_glass.open_record(
            session,
            caller,
            participant_id,
            access_id=access_id,
            reason=body.reason,
            vault=request.app.state.vault,
        )
    )


@router.get("/break-glass-accesses", responses=problems(BadCursor, *ALWAYS))
async def get_break_glass(
    caller: Annotated[Caller, Depends(acting("list_break_glass", PRIVACY))],
    session: SessionDep,
    request: Request,
    *,
    reviewed: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[BreakGlassView]:
    """List records that were opened in an emergency, with who opened them and why, newest first."""
    before = decode(cursor) if cursor else None
    rows = await break_glass.list_accesses(
        session,
        caller,
        reviewed=reviewed,
        before=before,
        limit=limit + 1,
        vault=request.app.state.vault,
    )
    return paged(
        rows,
        limit=limit,
        show=_access,
        position=lambda row: Position(row.access.opened_at, row.access.id),
    )


@router.put("/break-glass-accesses/{access_id}/review", responses=problems(ReviewDiffers, *ALWAYS))
async def put_review(
    access_id: UUID,
    body: ReviewBody,
    caller: Annotated[Caller, Depends(acting("review_break_glass", PRIVACY))],
    session: SessionDep,
    request: Request,
) -> BreakGlassView:
    """Judge an access in an emergency. Nobody judges their own."""
    return _access(
        await break_glass.review_access(
            session, caller, access_id, judged=body.review, vault=request.app.state.vault
        )
    )


def _restriction(seen: restrict_record.RestrictionSeen) -> RestrictionView:
    return RestrictionView(
        restricted_at=seen.restricted_at,
        restricted_by=seen.restricted_by,
        staff_ids=sorted(seen.staff_ids),
    )


def _access(seen: break_glass.AccessSeen) -> BreakGlassView:
    row = seen.access
    return BreakGlassView(
        id=row.id,
        participant_id=row.participant_id,
        staff_id=row.staff_id,
        reason=seen.reason,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        review=row.review_code,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
    )
