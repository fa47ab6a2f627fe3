"""Ask the policy about something that belongs to a person's record."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import access
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


async def permit_record(
    session: AsyncSession,
    caller: Caller,
    action: str,
    *,
    kind: str,
    id: UUID,  # noqa: A002 - as in Resource
    programme_id: str,
    referral_id: UUID,
) -> None:
    """Return if *caller* may do *action* to what hangs on the referral, or raise Denied."""
    stands = await access.toward_referral(session, referral_id)
    permit(session, caller, action, Resource(kind, str(id), programme_id, stands.attrs()))
