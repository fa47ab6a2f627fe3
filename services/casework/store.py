"""Every query of the casework service."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.intake import IntakeState
from services.casework.domain.timeline import Entry
from services.casework.tables import Intake, Participant, ParticipantReferral, TimelineEntry

Cursor = tuple[datetime, UUID]
IntakeLine = Row[UUID, UUID, str, str, datetime]  # referral, participant, pathway, state, moment


async def add_participant(
    session: AsyncSession,
    *,
    participant_id: UUID,
    referral_id: UUID,
    programme_id: str,
    now: datetime,
) -> None:
    """Add a provisional participant, and say that the referral is about them."""
    await session.execute(
        insert(Participant).values(id=participant_id, programme_id=programme_id, created_at=now)
    )
    await session.execute(
        insert(ParticipantReferral).values(
            referral_id=referral_id,
            participant_id=participant_id,
            programme_id=programme_id,
            linked_at=now,
        )
    )


async def add_intake(
    session: AsyncSession,
    *,
    referral_id: UUID,
    programme_id: str,
    pathway: str,
    received_at: datetime,
) -> None:
    await session.execute(
        insert(Intake).values(
            referral_id=referral_id,
            programme_id=programme_id,
            pathway=pathway,
            state=IntakeState.IDENTITY_ARRIVING,
            received_at=received_at,
        )
    )


async def participant_of(session: AsyncSession, *, referral_id: UUID) -> UUID | None:
    return await session.scalar(
        select(ParticipantReferral.participant_id).where(
            ParticipantReferral.referral_id == referral_id
        )
    )


async def keep_identity(session: AsyncSession, *, referral_id: UUID, ciphertext: bytes) -> None:
    await session.execute(
        update(Intake)
        .where(Intake.referral_id == referral_id)
        .values(state=IntakeState.READY, identity_ciphertext=ciphertext)
    )


async def find_participant(session: AsyncSession, participant_id: UUID) -> Participant | None:
    return await session.get(Participant, participant_id)


async def find_intake(session: AsyncSession, referral_id: UUID) -> Row[Intake, UUID] | None:
    return (
        await session.execute(
            select(Intake, ParticipantReferral.participant_id)
            .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
            .where(Intake.referral_id == referral_id)
        )
    ).one_or_none()


async def list_intakes(
    session: AsyncSession, *, before: Cursor | None, limit: int
) -> Sequence[IntakeLine]:
    """Return intakes with their participants, newest first."""
    query = (
        select(
            Intake.referral_id,
            ParticipantReferral.participant_id,
            Intake.pathway,
            Intake.state,
            Intake.received_at,
        )
        .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
        .order_by(Intake.received_at.desc(), Intake.referral_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Intake.received_at, Intake.referral_id) < before)
    return (await session.execute(query)).all()


async def upsert_entries(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Write *entries* unless something newer is there already, in one statement."""
    if not entries:
        return
    statement = upsert(TimelineEntry).values([asdict(entry) for entry in entries])
    changed = {
        name: statement.excluded[name]
        for name in ("referral_id", "kind", "happened_at", "version", "detail")
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_kind", "source_id"],
            set_=changed,
            where=TimelineEntry.version < statement.excluded.version,
        )
    )


async def timeline_page(
    session: AsyncSession, *, participant_id: UUID, before: Cursor | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return a participant's entries, newest first, from every referral that is about them."""
    query = (
        select(TimelineEntry)
        .join(ParticipantReferral, ParticipantReferral.referral_id == TimelineEntry.referral_id)
        .where(ParticipantReferral.participant_id == participant_id)
        .order_by(TimelineEntry.happened_at.desc(), TimelineEntry.source_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(TimelineEntry.happened_at, TimelineEntry.source_id) < before)
    return (await session.scalars(query)).all()
