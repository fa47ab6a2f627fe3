"""Take a referral back, before anybody has met the person."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import HandoffState
from services.referral.errors import HandoffOutOfOrder
from services.referral.store import handoffs, referrals
from services.referral.use_cases.find_handoff import find_handoff
from services.referral.use_cases.tell import tell
from shared.clock import app_now
from shared.events.referral import HandoffWithdrawn, ReferralWithdrawn
from shared.messaging import outbox
from shared.policy.actor import Caller


async def withdraw_referral(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, reason_code: str
) -> None:
    """Withdraw the referral and its handoff; doing so again changes nothing.

    Raises:
        HandoffOutOfOrder: somebody has met the person, so there is nothing to take back.
    """
    handoff = await find_handoff(session, caller, referral_id, action="withdraw_referral")
    actor_id, now = caller.actor.actor_id, await app_now(session)
    moved = await handoffs.move(session, handoff.id, to=HandoffState.WITHDRAWN, now=now)
    if moved is None:
        present = await handoffs.find(session, referral_id=referral_id)
        if present is None or present.state != HandoffState.WITHDRAWN:
            raise HandoffOutOfOrder("Somebody from the team has met the person.")
        return
    tell(session, HandoffWithdrawn, moved, now=now)
    withdrawn = await referrals.withdraw(
        session, referral_id, by=actor_id, reason_code=reason_code, now=now
    )
    if withdrawn is not None:
        outbox.add(
            session,
            ReferralWithdrawn(
                programme_id=withdrawn.programme_id,
                aggregate_id=withdrawn.id,
                aggregate_version=withdrawn.version,
                occurred_at=now,
                referral_id=withdrawn.id,
                reason_code=reason_code,
                withdrawn_by=actor_id,
            ),
        )
