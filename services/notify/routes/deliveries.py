"""The ledger of what was handed over."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.notify.domain.deliveries import Channel, Reason, State
from services.notify.schemas.deliveries import DeliveryView
from services.notify.tables.notices import Delivery
from services.notify.use_cases.read_deliveries import read_deliveries
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/deliveries", tags=["deliveries"])


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_deliveries(
    caller: Annotated[Caller, Depends(acting("list_deliveries", Purpose.ADMINISTRATION))],
    session: SessionDep,
    notice_id: Annotated[UUID | None, Query(description="Only what is about this notice")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeliveryView]:
    """List what was handed over and when, or why not, newest first."""
    before = decode(cursor) if cursor else None
    found = await read_deliveries(
        session, caller, notice_id=notice_id, before=before, limit=limit + 1
    )
    return paged(
        found,
        limit=limit,
        show=_view,
        position=lambda each: Position(each.planned_at, each.id),
    )


def _view(delivery: Delivery) -> DeliveryView:
    reason = delivery.reason_code
    return DeliveryView(
        id=delivery.id,
        notice_id=delivery.notice_id,
        recipient_id=delivery.recipient_id,
        channel=Channel(delivery.channel),
        state=State(delivery.state),
        reason_code=None if reason is None else Reason(reason),
        planned_at=delivery.planned_at,
        at=delivery.at,
    )
