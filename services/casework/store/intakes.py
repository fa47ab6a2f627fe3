"""Queries about intakes, and about whom they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.intake import IntakeState
from services.casework.store.access import visible
from services.casework.tables.participants import Intake, Participant, ParticipantReferral
from shared.db import writes

Cursor = tuple[datetime, UUID]
LOOK = text(
    """
    SELECT app_now(),
        EXISTS (SELECT FROM participant_referral WHERE referral_id = :referral_id),
        EXISTS (SELECT FROM referral_fact
            WHERE referral_id = :referral_id AND accepted_at IS NOT NULL)
    """
)
FIND_PARTICIPANT = select(Participant).where(Participant.id == bindparam("id"))
IntakeLine = Row[UUID, UUID, str, str, datetime]  # referral, participant, pathway, state, moment


class Arrival(NamedTuple):
    """What is known when a referral is heard of: whether it was before, and was accepted."""

    now: datetime
    is_open: bool
    is_accepted: bool


async def look(session: AsyncSession, referral_id: UUID) -> Arrival:
    """Return how far the referral has come; call it holding the referral's lock."""
    found = (await session.execute(LOOK, {"referral_id": referral_id})).one()
    return Arrival(*found)


def add(  # noqa: PLR0913 - what an intake begins with
    session: AsyncSession,
    *,
    participant_id: UUID,
    referral_id: UUID,
    programme_id: str,
    pathway: str,
    referred_by: str | None,
    agency_id: str | None,
    received_at: datetime,
    now: datetime,
) -> None:
    """Add an intake under a provisional participant, and say that it is about them."""
    person = {"id": participant_id, "programme_id": programme_id, "created_at": now}
    about = {
        "referral_id": referral_id,
        "participant_id": participant_id,
        "programme_id": programme_id,
        "linked_at": now,
    }
    intake = {
        "referral_id": referral_id,
        "programme_id": programme_id,
        "pathway": pathway,
        "referred_by": referred_by,
        "agency_id": agency_id,
        "state": IntakeState.IDENTITY_ARRIVING,
        "received_at": received_at,
    }
    writes.add(session, writes.table_of(Participant), person)
    writes.add(session, writes.table_of(ParticipantReferral), about)
    writes.add(session, writes.table_of(Intake), intake)


async def participant_of(session: AsyncSession, *, referral_id: UUID) -> UUID | None:
    return await session.scalar(
        select(ParticipantReferral.participant_id).where(
            ParticipantReferral.referral_id == referral_id
        )
    )


async def keep_identity(
    session: AsyncSession, *, referral_id: UUID, subject_id: UUID, ciphertext: bytes
) -> None:
    """Keep the identity, sealed under *subject_id*, and so complete the intake."""
    await session.execute(
        update(Intake)
        .where(Intake.referral_id == referral_id)
        .values(
            state=IntakeState.READY,
            identity_subject_id=subject_id,
            identity_ciphertext=ciphertext,
        )
    )


async def find_participant(session: AsyncSession, participant_id: UUID) -> Participant | None:
    return await session.scalar(FIND_PARTICIPANT, {"id": participant_id})


async def find_intake(session: AsyncSession, referral_id: UUID) -> Row[Intake, UUID] | None:
    return (
        await session.execute(
            select(Intake, ParticipantReferral.participant_id)
            .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
            .where(Intake.referral_id == referral_id)
        )
    ).one_or_none()


async def list_intakes(
    session: AsyncSession, *, supervises: bool, before: Cursor | None, limit: int
) -> Sequence[IntakeLine]:
    """Return intakes with their participants, newest first, of whose record I may read."""
    query = (
        select(
            Intake.referral_id,
            ParticipantReferral.participant_id,
            Intake.pathway,
            Intake.state,
            Intake.received_at,
        )
        .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
        .where(visible(ParticipantReferral.participant_id, supervises=supervises))
        .order_by(Intake.received_at.desc(), Intake.referral_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Intake.received_at, Intake.referral_id) < before)
    return (await session.execute(query)).all()
