"""Find a referral's handoff for somebody who may act on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.store import handoffs, referrals
from services.referral.tables.handoffs import Handoff
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


async def find_handoff(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, action: str
) -> Handoff:
    """Return the handoff if the policy lets *caller* do *action* to its referral."""
    referral = await referrals.find_referral(session, referral_id)
    handoff = await handoffs.find(session, referral_id=referral_id)
    if referral is None or handoff is None:
        raise Denied.missing(action, kind="Referral", id=str(referral_id))
    attrs = {"referred_by": referral.referred_by}
    if handoff.accepted_by is not None:
        attrs["accepted_by"] = handoff.accepted_by
    resource = Resource("Referral", str(referral_id), referral.programme_id, attrs)
    permit(session, caller, action, resource)
    return handoff
