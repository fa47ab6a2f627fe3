"""Accept a handoff: the first who does has it; everybody else is told so."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral import store
from services.referral.errors import HandoffTaken
from services.referral.tables import Handoff
from shared.clock import app_now
from shared.events.referral import HandoffAccepted
from shared.http.access import Denied, Resource, permit
from shared.messaging import outbox
from shared.policy.actor import Caller

ACTION = "accept_handoff"


async def accept_handoff(session: AsyncSession, caller: Caller, referral_id: UUID) -> Handoff:
    """Take the referral's handoff, or return it again to who has it already.

    Raises:
        HandoffTaken: somebody else accepted first.
    """
    referral = await store.find_referral(session, referral_id)
    if referral is None:
        raise Denied.missing(ACTION, kind="Referral", id=str(referral_id))
    await permit(
        session,
        caller,
        ACTION,
        Resource(kind="Referral", id=str(referral_id), programme_id=referral.programme_id),
    )
    actor_id = caller.actor.actor_id
    now = await app_now(session)
    accepted = await store.accept(session, referral_id=referral_id, accepted_by=actor_id, now=now)
    if accepted is None:
        return await _already_mine(session, referral_id, actor_id)
    await outbox.add(
        session,
        HandoffAccepted(
            programme_id=accepted.programme_id,
            aggregate_id=accepted.id,
            aggregate_version=accepted.version,
            occurred_at=now,
            referral_id=referral_id,
            accepted_by=actor_id,
        ),
    )
    return accepted


async def _already_mine(session: AsyncSession, referral_id: UUID, actor_id: str) -> Handoff:
    handoff = await store.find_handoff(session, referral_id=referral_id)
    if handoff is None or handoff.accepted_by != actor_id:
        raise HandoffTaken
    return handoff
