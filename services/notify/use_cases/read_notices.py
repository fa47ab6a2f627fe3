"""Read the notices to oneself and to the roles one has, and mark that one has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store import notices
from services.notify.store.notices import Cursor, ReadNotice, Recipient
from shared.clock import app_now
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller, Purpose


async def read_notices(
    session: AsyncSession, caller: Caller, *, before: Cursor | None, limit: int
) -> Sequence[ReadNotice]:
    permit(session, caller, "list_notices", _own(caller))
    return await notices.list_notices(session, _recipient(caller), before=before, limit=limit)


async def mark_read(session: AsyncSession, caller: Caller, *, notice_id: UUID) -> ReadNotice:
    """Mark a notice as read by the caller; marking it again changes nothing.

    Raises:
        Denied: there is no such notice to the caller.
    """
    found = await notices.notice_to(session, _recipient(caller), notice_id=notice_id)
    if found is None:
        raise Denied.missing("mark_notice_read", kind="Notices", id=str(notice_id))
    permit(session, caller, "mark_notice_read", _own(caller))
    if found.read_at is not None:
        return found
    now = await app_now(session)
    await notices.mark_read(session, notice=found.notice, staff_id=caller.actor.actor_id, now=now)
    return ReadNotice(found.notice, now)


def _own(caller: Caller) -> Resource:
    return Resource(kind="Notices", id="own", programme_id=caller.actor.programme_id)


def _recipient(caller: Caller) -> Recipient:
    """Notices to a role are for its own work; with any other purpose one reads one's own.

    The policy lets only care staff and privacy officers ask with these purposes, so an officer
    reads no role's notices, whatever roles the token carries.
    """
    role_s_work = caller.purpose in (Purpose.CARE_COORDINATION, Purpose.PRIVACY)
    return Recipient(caller.actor.actor_id, caller.actor.roles if role_s_work else frozenset())
