"""Ask the policy about something that belongs to a person's record.

What is missing is asked about like what is there, so that a refusal costs the same either way: how
long it took tells nobody which it was.
"""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import access
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


class OfARecord(Protocol):
    """What hangs on a referral, and so belongs to the record of whom it is about."""

    @property
    def programme_id(self) -> str: ...
    @property
    def referral_id(self) -> UUID: ...


Found = TypeVar("Found", bound=OfARecord)


async def permit_record(
    session: AsyncSession,
    caller: Caller,
    action: str,
    *,
    kind: str,
    id: UUID,  # noqa: A002 - as in Resource
    found: Found | None,
) -> Found:
    """Return what was *found* if *caller* may do *action* to it.

    Raises:
        Denied: they may not, or there is nothing.
    """
    stands = await access.toward_referral(session, id if found is None else found.referral_id)
    if found is None:
        raise Denied.missing(action, kind=kind, id=str(id))
    permit(session, caller, action, Resource(kind, str(id), found.programme_id, stands.attrs()))
    return found
