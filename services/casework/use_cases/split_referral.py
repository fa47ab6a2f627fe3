"""Undo a link: a referral is about somebody else after all."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.errors import NothingToSplit
from services.casework.store import facts, intakes, matches
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.restrict_record import keep_restricted
from services.casework.use_cases.settle_episode import settle_episode
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import ParticipantSplit
from shared.policy.actor import Caller

ACTION = "split_referral"


async def split_referral(
    session: AsyncSession, caller: Caller, *, participant_id: UUID, referral_id: UUID
) -> UUID:
    """Give the referral back to the participant it began with; return who that is.

    Raises:
        NothingToSplit: it began with this very participant.
    """
    participant = await find_participant(session, caller, participant_id, action=ACTION)
    await facts.lock_referral(session, referral_id)
    own = await matches.begun_with(session, referral_id=referral_id)
    about = await intakes.participant_of(session, referral_id=referral_id)
    if own is not None and about == own != participant_id:
        return own  # split before: the same request again
    if own is None or about != participant_id or own == participant_id:
        raise NothingToSplit
    await matches.lock_people(session, (own, participant_id))
    now = await app_now(session)
    await keep_restricted(session, caller, participant_id, referral_id=referral_id, now=now)
    await matches.give_back(session, referral_id=referral_id, to_person=own, now=now)
    tell(
        session,
        ParticipantSplit(
            programme_id=participant.programme_id,
            aggregate_id=own,
            aggregate_version=await matches.version_of(session, own),
            occurred_at=now,
            referral_id=referral_id,
            participant_id=own,
            split_by=caller.actor.actor_id,
        ),
    )
    await settle_episode(session, referral_id=referral_id)
    return own
