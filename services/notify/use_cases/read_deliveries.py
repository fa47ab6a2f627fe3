"""Read the ledger: what was handed over, when, or why not."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store import deliveries
from services.notify.store.notices import Cursor
from services.notify.tables.notices import Delivery
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


async def read_deliveries(
    session: AsyncSession,
    caller: Caller,
    *,
    notice_id: UUID | None,
    before: Cursor | None,
    limit: int,
) -> Sequence[Delivery]:
    programme_id = caller.actor.programme_id
    permit(session, caller, "list_deliveries", Resource("Deliveries", "all", programme_id))
    return await deliveries.list_deliveries(
        session, notice_id=notice_id, before=before, limit=limit
    )
