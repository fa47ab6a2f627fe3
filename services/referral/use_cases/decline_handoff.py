"""Decline a handoff that one was offered; when nobody is left on the rung, the next is called."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import HandoffState
from services.referral.errors import NotOffered
from services.referral.store import handoffs
from services.referral.use_cases.call_team import call_next
from services.referral.use_cases.find_handoff import find_handoff
from services.referral.use_cases.tell import tell
from shared.clock import app_now
from shared.events.referral import HandoffDeclined
from shared.policy.actor import Caller


async def decline_handoff(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, reason_code: str
) -> None:
    """Say that one cannot come; saying it again changes nothing.

    Raises:
        NotOffered: the caller was not asked.
    """
    handoff = await find_handoff(session, caller, referral_id, action="decline_handoff")
    staff_id, now = caller.actor.actor_id, await app_now(session)
    declined = await handoffs.decline(
        session, handoff.id, staff_id=staff_id, reason_code=reason_code, now=now
    )
    asked = await handoffs.offers(session, [handoff.id])
    if not declined:
        if staff_id not in {each.staff_id for each in asked}:
            raise NotOffered
        return
    present = await handoffs.touch(session, handoff.id)
    tell(session, HandoffDeclined, present, now=now, declined_by=staff_id, reason_code=reason_code)
    waiting = [each for each in asked if each.rung == present.rung and each.declined_at is None]
    if present.state == HandoffState.OFFERED and not waiting:
        await call_next(session, present, now=now)
