"""The timeline of one participant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.casework.schemas.timelines import TimelineLine, page_of_lines
from services.casework.use_cases import read_timeline
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, LongLimit, Page, decode
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/participants", tags=["timelines"])


@router.get(
    "/{participant_id}/timeline",
    response_model=Page[TimelineLine],
    responses=problems(BadCursor, *ALWAYS),
)
async def get_timeline(
    participant_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_timeline", Purpose.CARE_COORDINATION))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: LongLimit = 50,
) -> Response:
    """Read a participant's timeline, newest first, nothing twice."""
    before = decode(cursor) if cursor else None
    lines = await read_timeline.read_timeline(
        session, caller, participant_id, before=before, limit=limit + 1
    )
    return Response(page_of_lines(lines, limit=limit), media_type="application/json")
