"""Queries about what the referral service told, and the locks under which it is acted on."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.participants import (
    Intake,
    Participant,
    ParticipantReferral,
    ReferralFact,
)

# Built once: for each event heard they are asked, and building took longer than answering.
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
LOCK_PERSON = (
    select(Participant.id)
    .join(ParticipantReferral, ParticipantReferral.participant_id == Participant.id)
    .where(ParticipantReferral.referral_id == bindparam("referral_id"))
    .with_for_update(of=Participant)
)
THIS = (
    select(Intake.received_at, Intake.referral_id)
    .where(Intake.referral_id == bindparam("referral_id"))
    .correlate(None)
    .scalar_subquery()
)
ACCEPTED_FROM = (
    select(ReferralFact)
    .join(ParticipantReferral, ParticipantReferral.referral_id == ReferralFact.referral_id)
    .join(Intake, Intake.referral_id == ReferralFact.referral_id)
    .where(
        ParticipantReferral.participant_id == bindparam("person_id"),
        ReferralFact.accepted_at.is_not(None),
        tuple_(Intake.received_at, Intake.referral_id) >= THIS,
    )
    .order_by(Intake.received_at, Intake.referral_id)
    .execution_options(populate_existing=True)
)


@lru_cache
def _keep(names: tuple[str, ...]) -> Insert:
    """Return the statement that keeps facts of these names."""
    columns = ("referral_id", "programme_id", *names)
    statement = insert(ReferralFact).values({name: bindparam(name) for name in columns})
    return statement.on_conflict_do_update(
        index_elements=["referral_id"], set_={name: statement.excluded[name] for name in names}
    )


async def lock_referral(session: AsyncSession, referral_id: UUID) -> None:
    """Have what else is done about this referral wait for the end of this transaction.

    Its intake and its acceptance arrive apart and neither may have a row yet, so the lock is on
    the id.
    """
    await lock(session, f"referral/{referral_id}")


async def lock(session: AsyncSession, name: str) -> None:
    """Hold the lock of this name until the transaction ends."""
    await session.execute(LOCK, {"name": name})


async def lock_person(session: AsyncSession, *, referral_id: UUID) -> UUID | None:
    """Lock the person that the referral is about, and return who that is."""
    return await session.scalar(LOCK_PERSON, {"referral_id": referral_id})


async def keep(
    session: AsyncSession, *, referral_id: UUID, programme_id: str, facts: Mapping[str, Any]
) -> None:
    """Keep *facts* of the referral beside those that are known already."""
    whose = {"referral_id": referral_id, "programme_id": programme_id}
    await session.execute(_keep(tuple(facts)), whose | dict(facts))


async def find(session: AsyncSession, referral_id: UUID) -> ReferralFact | None:
    return await session.get(ReferralFact, referral_id, populate_existing=True)


async def accepted_from(
    session: AsyncSession, *, person_id: UUID, referral_id: UUID
) -> Sequence[ReferralFact]:
    """Return what is known of this referral and the person's later ones, of those accepted.

    In the order in which they were received.
    """
    asked = {"person_id": person_id, "referral_id": referral_id}
    return (await session.scalars(ACCEPTED_FROM, asked)).all()


async def use_agreement(session: AsyncSession, *, referral_id: UUID) -> bool:
    """Return once, and only once, that the person agreed at the scene."""
    used = (
        update(ReferralFact)
        .where(
            ReferralFact.referral_id == referral_id,
            ReferralFact.person_agreed_at.is_not(None),
            ~ReferralFact.agreement_used,
        )
        .values(agreement_used=True)
        .returning(ReferralFact.referral_id)
    )
    return await session.scalar(used) is not None
