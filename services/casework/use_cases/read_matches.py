"""Read who might be one person."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import supervises
from services.casework.store import intakes, matches
from services.casework.tables.participants import MatchCandidate
from services.casework.use_cases.find_intake import find_intake
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


async def list_matches(
    session: AsyncSession,
    caller: Caller,
    *,
    state: str | None,
    before: matches.Cursor | None,
    limit: int,
) -> Sequence[matches.CandidateLine]:
    resource = Resource("MatchCandidates", "all", caller.actor.programme_id)
    permit(session, caller, "list_matches", resource)
    return await matches.page(
        session,
        supervises=supervises(caller.actor.roles),
        referral_id=None,
        state=state,
        before=before,
        limit=limit,
    )


async def matches_of(
    session: AsyncSession,
    caller: Caller,
    referral_id: UUID,
    *,
    before: matches.Cursor | None,
    limit: int,
) -> Sequence[matches.CandidateLine]:
    """Return whom this referral might be about."""
    await find_intake(session, caller, referral_id, action="read_matches")
    return await matches.page(
        session,
        supervises=supervises(caller.actor.roles),
        referral_id=referral_id,
        state=None,
        before=before,
        limit=limit,
    )


async def about(session: AsyncSession, candidate: MatchCandidate) -> UUID:
    """Return whom the candidate's other referral is about."""
    found = await intakes.participant_of(session, referral_id=candidate.other_referral_id)
    if found is None:
        raise LookupError("a candidate's referrals are both known")
    return found
