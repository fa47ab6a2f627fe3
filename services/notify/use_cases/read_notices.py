"""Read the notices to the roles one has."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.tables import Notice
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


async def read_notices(
    session: AsyncSession, caller: Caller, *, before: store.Cursor | None, limit: int
) -> Sequence[Notice]:
    await permit(
        session,
        caller,
        "list_notices",
        Resource(kind="Notices", id="own", programme_id=caller.actor.programme_id),
    )
    return await store.list_notices(session, roles=caller.actor.roles, before=before, limit=limit)
