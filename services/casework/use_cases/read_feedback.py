"""Read released tables."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import feedback
from services.casework.tables.feedback import FeedbackRelease
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


async def list_releases(
    session: AsyncSession, caller: Caller, *, before: feedback.Cursor | None, limit: int
) -> Sequence[FeedbackRelease]:
    resource = Resource("FeedbackReleases", "all", caller.actor.programme_id)
    permit(session, caller, "list_feedback_releases", resource)
    return await feedback.page(session, before=before, limit=limit)


async def read_release(session: AsyncSession, caller: Caller, release_id: UUID) -> FeedbackRelease:
    found = await feedback.find(session, release_id)
    if found is None:
        raise Denied.missing("read_feedback_release", kind="FeedbackRelease", id=str(release_id))
    resource = Resource("FeedbackRelease", str(release_id), found.programme_id)
    permit(session, caller, "read_feedback_release", resource)
    return found
