"""Notices to members of staff."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.notify.domain.notices import WORDS, NoticeKind
from services.notify.schemas import NoticeView
from services.notify.tables import Notice
from services.notify.use_cases import read_notices
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/notices", tags=["notices"])


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_notices(
    caller: Annotated[Caller, Depends(acting("list_notices", Purpose.CARE_COORDINATION))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[NoticeView]:
    """List the notices to the roles you have, newest first."""
    before = decode(cursor) if cursor else None
    notices = await read_notices.read_notices(session, caller, before=before, limit=limit + 1)
    return paged(
        notices,
        limit=limit,
        show=_view,
        position=lambda notice: Position(notice.caused_at, notice.id),
    )


def _view(notice: Notice) -> NoticeView:
    kind = NoticeKind(notice.kind)
    return NoticeView(
        id=notice.id,
        kind=kind,
        text=WORDS[kind],
        referral_id=notice.referral_id,
        caused_at=notice.caused_at,
    )
