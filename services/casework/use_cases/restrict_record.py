"""Restrict a record to named people, and let it be for the care team again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import access
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import ParticipantRestricted, ParticipantRestrictionLifted
from shared.http.access import Denied
from shared.policy.actor import Caller

ACTION = "restrict_record"


@dataclass(frozen=True, slots=True)
class RestrictionSeen:
    """For whom a record is; of nobody in particular if it is not restricted."""

    restricted_at: datetime | None
    restricted_by: str | None
    staff_ids: frozenset[str]


async def restrict_record(
    session: AsyncSession, caller: Caller, participant_id: UUID, *, staff_ids: Collection[str]
) -> RestrictionSeen:
    """Have the record be for *staff_ids* alone. The same again changes nothing."""
    participant = await find_participant(session, caller, participant_id, action=ACTION)
    await access.lock_person(session, participant_id)
    present = await _seen(session, participant_id)
    if present.restricted_at is not None and present.staff_ids == frozenset(staff_ids):
        return present
    referral_id = await access.first_referral_of(session, participant_id)
    if referral_id is None:  # linked: it is another participant's record now
        raise Denied.missing(ACTION, kind="Participant", id=str(participant_id))
    now = await app_now(session)
    standing = await access.restrictions_of(session, participant_id)
    whose = {"programme_id": participant.programme_id, "restricted_by": caller.actor.actor_id}
    for each in [row.referral_id for row in standing] or [referral_id]:
        await access.restrict(session, {"referral_id": each, "restricted_at": now, **whose})
        await access.name(session, each, programme_id=participant.programme_id, staff_ids=staff_ids)
    tell(
        session,
        ParticipantRestricted(
            programme_id=participant.programme_id,
            aggregate_id=participant_id,
            aggregate_version=await access.next_version(session, participant_id),
            occurred_at=now,
            referral_id=referral_id,
            participant_id=participant_id,
            restricted_by=caller.actor.actor_id,
        ),
    )
    return await _seen(session, participant_id)


async def lift_restriction(
    session: AsyncSession, caller: Caller, participant_id: UUID
) -> RestrictionSeen:
    """Have the record be for the care team and its supervisors again. Again changes nothing."""
    participant = await find_participant(session, caller, participant_id, action=ACTION)
    await access.lock_person(session, participant_id)
    standing = await access.restrictions_of(session, participant_id)
    if standing:
        now = await app_now(session)
        await access.lift(session, [each.referral_id for each in standing], now=now)
        tell(
            session,
            ParticipantRestrictionLifted(
                programme_id=participant.programme_id,
                aggregate_id=participant_id,
                aggregate_version=await access.next_version(session, participant_id),
                occurred_at=now,
                referral_id=standing[0].referral_id,
                participant_id=participant_id,
                lifted_by=caller.actor.actor_id,
            ),
        )
    return await _seen(session, participant_id)


async def keep_restricted(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    referral_id: UUID,
    now: datetime,
) -> None:
    """Have what is split off a restricted record be as restricted: for whom it was, is not known.

    Whoever finds that it need not be lifts that.
    """
    present = await _seen(session, participant_id)
    if present.restricted_at is None:
        return
    whose = {"programme_id": caller.actor.programme_id, "restricted_by": caller.actor.actor_id}
    await access.restrict(session, {"referral_id": referral_id, "restricted_at": now, **whose})
    await access.name(
        session,
        referral_id,
        programme_id=caller.actor.programme_id,
        staff_ids=present.staff_ids,
    )


async def read_restriction(
    session: AsyncSession, caller: Caller, participant_id: UUID
) -> RestrictionSeen:
    await find_participant(session, caller, participant_id, action="read_restriction")
    return await _seen(session, participant_id)


async def _seen(session: AsyncSession, participant_id: UUID) -> RestrictionSeen:
    standing = await access.restrictions_of(session, participant_id)
    if not standing:
        return RestrictionSeen(None, None, frozenset())
    names = await access.names_of(session, [each.referral_id for each in standing])
    return RestrictionSeen(standing[0].restricted_at, standing[0].restricted_by, names)
