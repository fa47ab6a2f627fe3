"""Decide whether two referrals are about one person: link them, or say that they are not."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.errors import AlreadyDecided
from services.casework.store import access, facts, intakes, matches
from services.casework.tables.participants import MatchCandidate
from services.casework.use_cases.settle_episode import settle_episode
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import ParticipantLinked
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller

ACTION = "decide_match"


class Decision(StrEnum):
    LINK = "link"
    NOT_THE_SAME = "not_the_same"
    ASK_LATER = "ask_later"


STATE_AFTER = {
    Decision.LINK: "linked",
    Decision.NOT_THE_SAME: "not_the_same",
    Decision.ASK_LATER: "ask_later",
}


async def decide_match(
    session: AsyncSession, caller: Caller, candidate_id: UUID, *, decision: Decision
) -> MatchCandidate:
    """Record the worker's decision; the same decision again changes nothing.

    Raises:
        AlreadyDecided: somebody decided otherwise before.
    """
    candidate = await matches.find(session, candidate_id)
    if candidate is None:
        await access.toward_no_match(session, candidate_id)
        raise Denied.missing(ACTION, kind="MatchCandidate", id=str(candidate_id))
    stands = await access.toward_match(session, candidate)
    resource = Resource("MatchCandidate", str(candidate_id), candidate.programme_id, stands.attrs())
    permit(session, caller, ACTION, resource)
    now, actor_id = await app_now(session), caller.actor.actor_id
    state = STATE_AFTER[decision]
    settled = await matches.decide(session, candidate_id, state=state, decided_by=actor_id, now=now)
    decided = await matches.find(session, candidate_id)
    if decided is None or decided.state != state:
        raise AlreadyDecided
    if settled and decision is Decision.LINK:
        await _link(session, decided, linked_by=actor_id, now=now)
    return decided


async def _link(
    session: AsyncSession, candidate: MatchCandidate, *, linked_by: str, now: datetime
) -> None:
    """Make both referrals one person's: who was known first stays, with all their referrals."""
    for referral_id in sorted((candidate.referral_id, candidate.other_referral_id)):
        await facts.lock_referral(session, referral_id)
    new = await intakes.participant_of(session, referral_id=candidate.referral_id)
    known = await intakes.participant_of(session, referral_id=candidate.other_referral_id)
    if new is None or known is None or new == known:
        return
    await matches.lock_people(session, (new, known))
    for referral_id in await matches.give_to(session, from_person=new, to_person=known, now=now):
        tell(
            session,
            ParticipantLinked(
                programme_id=candidate.programme_id,
                aggregate_id=new,
                aggregate_version=await matches.version_of(session, new),
                occurred_at=now,
                referral_id=referral_id,
                participant_id=known,
                linked_by=linked_by,
            ),
        )
        await settle_episode(session, referral_id=referral_id)
