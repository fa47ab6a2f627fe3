"""Queries about what was before: the referrals about a person, and how their episodes ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import MERGED
from services.casework.store.feedback import CLOSED
from services.casework.tables.participants import Intake, ParticipantReferral
from services.casework.tables.timeline import TimelineEntry

REASON = TimelineEntry.detail["reason_code"].astext


async def referrals_of(session: AsyncSession, *, person_id: UUID) -> Sequence[Intake]:
    """Return everything that referred the person, newest first."""
    query = (
        select(Intake)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
        .where(ParticipantReferral.participant_id == person_id)
        .order_by(Intake.received_at.desc(), Intake.referral_id.desc())
    )
    return (await session.scalars(query)).all()


async def earlier_referrals(
    session: AsyncSession, *, person_id: UUID, than: Intake
) -> list[Intake]:
    """Return what referred the person before *than*, newest first."""
    this = (than.received_at, than.referral_id)
    found = await referrals_of(session, person_id=person_id)
    return [each for each in found if (each.received_at, each.referral_id) < this]


async def ends_before(
    session: AsyncSession, *, person_id: UUID, until: datetime
) -> Sequence[Row[datetime, str]]:
    """Return when and why episodes of the person were closed, newest first.

    From the timeline, because an episode that is reopened forgets how it ended.
    """
    query = (
        select(TimelineEntry.happened_at, REASON)
        .join(ParticipantReferral, ParticipantReferral.referral_id == TimelineEntry.referral_id)
        .where(
            ParticipantReferral.participant_id == person_id,
            TimelineEntry.kind == CLOSED,
            TimelineEntry.happened_at <= until,
            REASON != MERGED,
        )
        .order_by(tuple_(TimelineEntry.happened_at, TimelineEntry.id).desc())
    )
    return (await session.execute(query)).all()
