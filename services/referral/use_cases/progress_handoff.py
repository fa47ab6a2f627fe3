"""Say how far a handoff has come: on the way, arrived, met, what the person answered, released."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import HandoffState
from services.referral.errors import HandoffOutOfOrder
from services.referral.store import handoffs
from services.referral.tables.handoffs import Handoff
from services.referral.use_cases.find_handoff import find_handoff
from services.referral.use_cases.tell import tell
from shared.clock import app_now
from shared.events.referral import (
    HandoffArrived,
    HandoffDeparted,
    HandoffMet,
    HandoffOfficerReleased,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    ReferralEvent,
)
from shared.policy.actor import Caller

TOLD: Mapping[HandoffState, type[ReferralEvent]] = {
    HandoffState.ON_THE_WAY: HandoffDeparted,
    HandoffState.ARRIVED: HandoffArrived,
    HandoffState.MET: HandoffMet,
    HandoffState.PERSON_AGREED: HandoffPersonAgreed,
    HandoffState.PERSON_DECLINED: HandoffPersonDeclined,
}


async def progress_handoff(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, to: HandoffState
) -> Handoff:
    """Move the handoff to *to*; saying the same again changes nothing.

    Raises:
        HandoffOutOfOrder: it does not stand where this could come next.
    """
    handoff = await find_handoff(session, caller, referral_id, action="progress_handoff")
    now = await app_now(session)
    moved = await handoffs.move(session, handoff.id, to=to, now=now)
    if moved is not None:
        tell(session, TOLD[to], moved, now=now)
        return moved
    present = await handoffs.find(session, referral_id=referral_id)
    if present is None or present.state != to:
        raise HandoffOutOfOrder(f"The handoff stands at: {handoff.state}.")
    return present


async def release_officer(session: AsyncSession, caller: Caller, referral_id: UUID) -> Handoff:
    """Note that the referrer can go: from now on they read that the programme has it."""
    handoff = await find_handoff(session, caller, referral_id, action="release_officer")
    now = await app_now(session)
    released = await handoffs.release_officer(session, handoff.id, now=now)
    if released is None:
        return handoff
    tell(session, HandoffOfficerReleased, released, now=now)
    return released
