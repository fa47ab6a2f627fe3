"""Queries about who might be one person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.casework.store.access import workable
from services.casework.tables.participants import (
    Intake,
    MatchCandidate,
    MatchKey,
    Participant,
    ParticipantReferral,
)

Cursor = tuple[datetime, UUID]
CandidateLine = Row[MatchCandidate, UUID]  # and who the other referral is about
PROPOSED = "proposed"


async def keep_keys(
    session: AsyncSession,
    *,
    referral_id: UUID,
    programme_id: str,
    digests: Iterable[tuple[str, bytes]],
) -> None:
    """Keep the keyed hashes by which this referral's person is found."""
    rows = [
        {
            "referral_id": referral_id,
            "kind": kind,
            "digest": digest,
            "programme_id": programme_id,
        }
        for kind, digest in set(digests)
    ]
    if rows:
        await session.execute(insert(MatchKey).values(rows).on_conflict_do_nothing())


async def sharing_a_key(
    session: AsyncSession, *, referral_id: UUID, at_most: int
) -> Sequence[Intake]:
    """Return other persons' referrals that share keys with this one: most keys first, then newest.

    A name that many bear shares one key with many, so it must not crowd out who shares more.
    """
    mine = (
        select(MatchKey.kind, MatchKey.digest)
        .where(MatchKey.referral_id == referral_id)
        .correlate(None)
    )
    shared = (
        select(MatchKey.referral_id, func.count().label("keys"))
        .where(tuple_(MatchKey.kind, MatchKey.digest).in_(mine))
        .where(MatchKey.referral_id != referral_id)
        .group_by(MatchKey.referral_id)
        .subquery()
    )
    me = (
        select(ParticipantReferral.participant_id)
        .where(ParticipantReferral.referral_id == referral_id)
        .correlate(None)
        .scalar_subquery()
    )
    query = (
        select(Intake)
        .join(shared, shared.c.referral_id == Intake.referral_id)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
        .where(ParticipantReferral.participant_id != me)
        .order_by(shared.c["keys"].desc(), Intake.received_at.desc(), Intake.referral_id)
        .limit(at_most)
    )
    return (await session.scalars(query)).all()


async def propose(session: AsyncSession, candidate: dict[str, object]) -> None:
    """Propose a pair of referrals, once."""
    await session.execute(
        insert(MatchCandidate)
        .values(state=PROPOSED, **candidate)
        .on_conflict_do_nothing(index_elements=["referral_id", "other_referral_id"])
    )


async def page(
    session: AsyncSession,
    *,
    supervises: bool,
    referral_id: UUID | None,
    state: str | None,
    before: Cursor | None,
    limit: int,
) -> Sequence[CandidateLine]:
    """Return candidates with whom they might be, newest first, of those I may decide.

    I stand near enough to the new referral's person, and the other's record is not closed to me.
    """
    new = aliased(ParticipantReferral)
    query = (
        select(MatchCandidate, ParticipantReferral.participant_id)
        .join(new, new.referral_id == MatchCandidate.referral_id)
        .join(
            ParticipantReferral,
            ParticipantReferral.referral_id == MatchCandidate.other_referral_id,
        )
        .where(
            workable(new.participant_id, supervises=supervises),
            workable(ParticipantReferral.participant_id, supervises=True),
        )
        .order_by(MatchCandidate.proposed_at.desc(), MatchCandidate.id.desc())
        .limit(limit)
    )
    if referral_id is not None:
        query = query.where(MatchCandidate.referral_id == referral_id)
    if state is not None:
        query = query.where(MatchCandidate.state == state)
    if before is not None:
        query = query.where(tuple_(MatchCandidate.proposed_at, MatchCandidate.id) < before)
    return (await session.execute(query)).all()


async def find(session: AsyncSession, candidate_id: UUID) -> MatchCandidate | None:
    return await session.get(MatchCandidate, candidate_id, populate_existing=True)


async def decide(
    session: AsyncSession, candidate_id: UUID, *, state: str, decided_by: str, now: datetime
) -> bool:
    """Settle a candidate that nobody has linked or refused; return False if a rival did."""
    settled = (
        update(MatchCandidate)
        .where(MatchCandidate.id == candidate_id, MatchCandidate.state.in_((PROPOSED, "ask_later")))
        .values(state=state, decided_by=decided_by, decided_at=now)
        .returning(MatchCandidate.id)
    )
    return await session.scalar(settled) is not None


async def lock_people(session: AsyncSession, ids: Iterable[UUID]) -> None:
    """Lock these people, always in the same order."""
    await session.execute(
        select(Participant.id)
        .where(Participant.id.in_(list(ids)))
        .order_by(Participant.id)
        .with_for_update()
    )


async def give_to(
    session: AsyncSession, *, from_person: UUID, to_person: UUID, now: datetime
) -> Sequence[UUID]:
    """Make every referral about one person about the other; return which they are."""
    moved = (
        update(ParticipantReferral)
        .where(ParticipantReferral.participant_id == from_person)
        .values(participant_id=to_person, linked_at=now)
        .returning(ParticipantReferral.referral_id)
    )
    referrals = (await session.scalars(moved)).all()
    await _merge(session, from_person, into=to_person)
    return referrals


async def give_back(
    session: AsyncSession, *, referral_id: UUID, to_person: UUID, now: datetime
) -> None:
    """Make one referral about the person again that it began with."""
    await session.execute(
        update(ParticipantReferral)
        .where(ParticipantReferral.referral_id == referral_id)
        .values(participant_id=to_person, linked_at=now)
    )
    await _merge(session, to_person, into=None)


async def _merge(session: AsyncSession, person: UUID, *, into: UUID | None) -> None:
    await session.execute(
        update(Participant)
        .where(Participant.id == person)
        .values(merged_into_id=into, version=Participant.version + 1)
    )


async def version_of(session: AsyncSession, person: UUID) -> int:
    return (
        await session.execute(select(Participant.version).where(Participant.id == person))
    ).scalar_one()


async def begun_with(session: AsyncSession, *, referral_id: UUID) -> UUID | None:
    """Return the provisional participant under whom the referral's identity was sealed."""
    return await session.scalar(
        select(Intake.identity_subject_id).where(Intake.referral_id == referral_id)
    )
