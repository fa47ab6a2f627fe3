"""Notices to members of staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.notify.domain.notices import FACTS, NoticeKind, statement
from services.notify.schemas.notices import NoticeView
from services.notify.store.notices import ReadNotice
from services.notify.use_cases import read_notices
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.languages import InBothLanguages
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/notices", tags=["notices"])

PURPOSES = (
    Purpose.CARE_COORDINATION,
    Purpose.REFERRAL,
    Purpose.FEEDBACK,
    Purpose.PRIVACY,
)


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_notices(
    caller: Annotated[Caller, Depends(acting("list_notices", *PURPOSES))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[NoticeView]:
    """List the notices to you and, to coordinate care, to the roles you have, newest first."""
    before = decode(cursor) if cursor else None
    notices = await read_notices.read_notices(session, caller, before=before, limit=limit + 1)
    return paged(
        notices,
        limit=limit,
        show=_view,
        position=lambda found: Position(found.notice.caused_at, found.notice.id),
    )


@router.put("/{notice_id}/reading", responses=problems(*ALWAYS))
async def put_reading(
    notice_id: UUID,
    caller: Annotated[Caller, Depends(acting("mark_notice_read", *PURPOSES))],
    session: SessionDep,
) -> NoticeView:
    """Mark a notice as read by you; marking it again changes nothing."""
    return _view(await read_notices.mark_read(session, caller, notice_id=notice_id))


def _view(found: ReadNotice) -> NoticeView:
    notice = found.notice
    kind = NoticeKind(notice.kind)
    words = InBothLanguages.model_validate(FACTS[kind].words)
    version = notice.statement_version
    return NoticeView(
        id=notice.id,
        kind=kind,
        text=words.en,
        words=words,
        urgent=FACTS[kind].urgent,
        to_role=notice.recipient_role,
        referral_id=notice.referral_id,
        release_id=notice.release_id,
        statement=None if version is None else InBothLanguages.model_validate(statement(version)),
        caused_at=notice.caused_at,
        read_at=found.read_at,
    )
