"""Where somebody wants their mail: they say so themselves, or whoever runs the programme does."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store import staff
from services.notify.tables.staff import DeliveryAddress
from shared.clock import app_now
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller, Purpose


async def keep_address(
    session: AsyncSession, caller: Caller, *, staff_id: str, email: str, language_code: str
) -> DeliveryAddress:
    """Set an address; the same again is the same."""
    _permit(session, caller, staff_id=staff_id)
    return await staff.put_address(
        session,
        programme_id=caller.actor.programme_id,
        staff_id=staff_id,
        email=email,
        language_code=language_code,
        now=await app_now(session),
    )


async def read_address(session: AsyncSession, caller: Caller, *, staff_id: str) -> DeliveryAddress:
    """Return an address.

    Raises:
        Denied: there is none, or the caller may not see it.
    """
    found = await staff.address(session, staff_id=staff_id)
    if found is None:
        raise Denied.missing(_action(caller), kind="DeliveryAddress", id=staff_id)
    _permit(session, caller, staff_id=staff_id)
    return found


def _action(caller: Caller) -> str:
    if caller.purpose is Purpose.ADMINISTRATION:
        return "administer_delivery_address"
    return "keep_own_delivery_address"


def _permit(session: AsyncSession, caller: Caller, *, staff_id: str) -> None:
    action = _action(caller)
    if action == "keep_own_delivery_address" and staff_id != caller.actor.actor_id:
        raise Denied.missing(action, kind="DeliveryAddress", id=staff_id)
    resource = Resource("DeliveryAddress", staff_id, caller.actor.programme_id)
    permit(session, caller, action, resource)
