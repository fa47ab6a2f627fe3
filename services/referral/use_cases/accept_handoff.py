"""Accept a handoff: the first who does has it; everybody else is told so."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import HandoffState, team_role
from services.referral.errors import HandoffTaken, HandoffWithdrawnBefore
from services.referral.store import handoffs
from services.referral.tables.handoffs import Handoff
from services.referral.use_cases.find_handoff import find_handoff
from services.referral.use_cases.tell import tell
from shared.clock import app_now
from shared.events.referral import HandoffAccepted
from shared.policy.actor import Caller


async def accept_handoff(session: AsyncSession, caller: Caller, referral_id: UUID) -> Handoff:
    """Take the referral's handoff, or return it again to who has it already.

    Raises:
        HandoffTaken: somebody else accepted first.
        HandoffWithdrawnBefore: the referral was taken back.
    """
    handoff = await find_handoff(session, caller, referral_id, action="accept_handoff")
    actor_id, now = caller.actor.actor_id, await app_now(session)
    accepted_role_code = team_role(caller.actor.roles)
    accepted = await handoffs.move(
        session,
        handoff.id,
        to=HandoffState.ACCEPTED,
        now=now,
        accepted_by=actor_id,
        accepted_role_code=accepted_role_code,
        accepted_at=now,
    )
    if accepted is None:
        return await _already_mine(session, referral_id, actor_id)
    tell(
        session,
        HandoffAccepted,
        accepted,
        now=now,
        accepted_by=actor_id,
        accepted_role_code=accepted_role_code,
    )
    return accepted


async def _already_mine(session: AsyncSession, referral_id: UUID, actor_id: str) -> Handoff:
    handoff = await handoffs.find(session, referral_id=referral_id)
    if handoff is not None and handoff.state == HandoffState.WITHDRAWN:
        raise HandoffWithdrawnBefore
    if handoff is None or handoff.accepted_by != actor_id:
        raise HandoffTaken
    return handoff
