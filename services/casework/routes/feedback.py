"""Released tables: what an agency is told of a closed quarter."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import UUID7

from services.casework.domain.feedback import quarter_from
from services.casework.errors import QuarterOpen, ReleasedBefore, ReleaseDiffers
from services.casework.schemas.feedback import ReleaseBody, ReleaseView
from services.casework.use_cases import publish_feedback, read_feedback
from services.casework.use_cases.publish_feedback import PublishFeedback
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/feedback-releases", tags=["feedback"])


@router.put(
    "/{release_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(QuarterOpen, ReleaseDiffers, ReleasedBefore, *ALWAYS),
)
async def put_release(
    release_id: UUID7,
    body: ReleaseBody,
    caller: Annotated[Caller, Depends(acting("publish_feedback_release", Purpose.FEEDBACK))],
    session: SessionDep,
) -> ReleaseView:
    """Release an agency's table of a calendar quarter (UTC days), once and for ever.

    From a week after the quarter's end on.

    Send it again and the same table is the answer, whatever has happened since.
    """
    command = PublishFeedback(
        release_id=release_id, agency_id=body.agency_id, quarter=quarter_from(body.period_from)
    )
    released = await publish_feedback.publish_feedback(session, caller, command)
    return ReleaseView.model_validate(released)


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_releases(
    caller: Annotated[Caller, Depends(acting("list_feedback_releases", Purpose.FEEDBACK))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReleaseView]:
    """List released tables, newest first."""
    before = decode(cursor) if cursor else None
    found = await read_feedback.list_releases(session, caller, before=before, limit=limit + 1)
    return paged(
        found,
        limit=limit,
        show=ReleaseView.model_validate,
        position=lambda each: Position(each.published_at, each.id),
    )


@router.get("/{release_id}", responses=problems(*ALWAYS))
async def get_release(
    release_id: UUID,
    caller: Annotated[
        Caller,
        Depends(acting("read_feedback_release", Purpose.FEEDBACK, Purpose.SERVICE_DELIVERY)),
    ],
    session: SessionDep,
) -> ReleaseView:
    """Show one released table with its gaps; notify fetches it to mail it."""
    return ReleaseView.model_validate(await read_feedback.read_release(session, caller, release_id))
