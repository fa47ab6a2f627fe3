"""Released tables of closed periods."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.notify.schemas.feedback import ReleaseView
from services.notify.use_cases import read_releases
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/feedback-releases", tags=["feedback"])


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_releases(
    caller: Annotated[Caller, Depends(acting("list_released_tables", Purpose.FEEDBACK))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReleaseView]:
    """List the released tables of your agency or, for the programme's own, of all; newest first."""
    before = decode(cursor) if cursor else None
    found = await read_releases.read_releases(session, caller, before=before, limit=limit + 1)
    return paged(
        found,
        limit=limit,
        show=ReleaseView.model_validate,
        position=lambda each: Position(each.published_at, each.id),
    )


@router.get("/{release_id}", responses=problems(*ALWAYS))
async def get_release(
    release_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_released_table", Purpose.FEEDBACK))],
    session: SessionDep,
) -> ReleaseView:
    """Show one released table with its gaps."""
    found = await read_releases.read_release(session, caller, release_id=release_id)
    return ReleaseView.model_validate(found)
