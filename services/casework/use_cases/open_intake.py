"""Open an intake for a referral, and have its identity fetched."""

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.casework.store import facts, intakes
from services.casework.use_cases.settle_episode import settle_episode
from shared.db.writes import write
from shared.events.referral import ReferralCreated
from shared.messaging.tasks import Task, add_task

FETCH_IDENTITY = "fetch_identity"


async def open_intake(session: AsyncSession, referral: ReferralCreated) -> None:
    """Receive the referral under a provisional participant; a worker fetches who it is about.

    A referral that was received before, under another name of the consumer, is left as it is.
    """
    await facts.lock_referral(session, referral.referral_id)
    arrival = await intakes.look(session, referral.referral_id)
    if arrival.is_open:
        return
    intakes.add(
        session,
        participant_id=uuid7(),
        referral_id=referral.referral_id,
        programme_id=referral.programme_id,
        pathway=referral.pathway,
        referred_by=referral.referred_by,
        agency_id=referral.agency_id,
        received_at=referral.occurred_at,
        now=arrival.now,
    )
    add_task(
        session,
        Task(
            kind=FETCH_IDENTITY,
            aggregate_id=referral.referral_id,
            programme_id=referral.programme_id,
        ),
    )
    if arrival.is_accepted:
        await write(session)
        await settle_episode(session, referral_id=referral.referral_id)
