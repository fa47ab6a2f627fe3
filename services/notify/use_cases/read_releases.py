"""Read released tables: an agency's people their own agency's, the programme's all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store import feedback
from services.notify.store.notices import Cursor
from services.notify.tables.feedback import FeedbackRelease
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller, Function

OF_AN_AGENCY = frozenset({Function.ENFORCEMENT, Function.RESPONSE})


async def read_releases(
    session: AsyncSession, caller: Caller, *, before: Cursor | None, limit: int
) -> Sequence[FeedbackRelease]:
    agency_id = caller.actor.agency_id if caller.actor.function in OF_AN_AGENCY else None
    attrs = {} if agency_id is None else {"agency_id": agency_id}
    resource = Resource("ReleasedTable", "all", caller.actor.programme_id, attrs)
    permit(session, caller, "list_released_tables", resource)
    return await feedback.list_releases(session, agency_id=agency_id, before=before, limit=limit)


async def read_release(
    session: AsyncSession, caller: Caller, *, release_id: UUID
) -> FeedbackRelease:
    """Return one table.

    Raises:
        Denied: there is none, or it is another agency's.
    """
    found = await feedback.release(session, release_id=release_id)
    if found is None:
        raise Denied.missing("read_released_table", kind="ReleasedTable", id=str(release_id))
    attrs = {"agency_id": found.agency_id}
    resource = Resource("ReleasedTable", str(release_id), found.programme_id, attrs)
    permit(session, caller, "read_released_table", resource)
    return found
