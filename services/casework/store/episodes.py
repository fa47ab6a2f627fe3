"""Queries about episodes and their care teams."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import MERGED, EpisodeState, sources_of
from services.casework.store.access import visible
from services.casework.tables.episodes import CareTeamMember, Episode
from services.casework.tables.participants import Intake, ParticipantReferral

Cursor = tuple[datetime, UUID]


async def add(session: AsyncSession, episode: Episode) -> None:
    session.add(episode)
    await session.flush()  # so that the database's checks speak here and not at commit


async def find(session: AsyncSession, episode_id: UUID) -> Episode | None:
    return await session.get(Episode, episode_id, populate_existing=True)


async def of_referral(session: AsyncSession, *, referral_id: UUID) -> Episode | None:
    return await session.scalar(select(Episode).where(Episode.referral_id == referral_id))


async def before(session: AsyncSession, *, person_id: UUID, referral_id: UUID) -> Episode | None:
    """Return the person's first episode, if it began with a referral before this one."""
    this = (
        select(Intake.received_at, Intake.referral_id)
        .where(Intake.referral_id == referral_id)
        .correlate(None)
    )
    return await session.scalar(
        select(Episode)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Episode.referral_id)
        .join(Intake, Intake.referral_id == Episode.referral_id)
        .where(
            ParticipantReferral.participant_id == person_id,
            tuple_(Intake.received_at, Intake.referral_id) < this.scalar_subquery(),
            Episode.close_reason_code.is_distinct_from(MERGED),
        )
        .order_by(Intake.received_at, Intake.referral_id)
        .limit(1)
    )


async def of_person(session: AsyncSession, *, person_id: UUID) -> Sequence[Episode]:
    """Return every episode of the person, newest first."""
    return (
        await session.scalars(
            select(Episode)
            .join(ParticipantReferral, ParticipantReferral.referral_id == Episode.referral_id)
            .where(ParticipantReferral.participant_id == person_id)
            .order_by(Episode.opened_at.desc(), Episode.id.desc())
        )
    ).all()


async def page(
    session: AsyncSession,
    *,
    supervises: bool,
    state: EpisodeState | None,
    worker_id: str | None,
    before: Cursor | None,
    limit: int,
) -> Sequence[Episode]:
    """Return episodes of whose record I may read, newest first; of one worker, if given."""
    query = (
        select(Episode)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Episode.referral_id)
        .where(visible(ParticipantReferral.participant_id, supervises=supervises))
        .order_by(Episode.opened_at.desc(), Episode.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(Episode.state == state)
    if worker_id is not None:
        query = query.join(CareTeamMember, CareTeamMember.episode_id == Episode.id).where(
            CareTeamMember.staff_id == worker_id, CareTeamMember.until.is_(None)
        )
    if before is not None:
        query = query.where(tuple_(Episode.opened_at, Episode.id) < before)
    return (await session.scalars(query)).all()


async def move(
    session: AsyncSession, episode_id: UUID, *, to: EpisodeState, values: dict[str, Any]
) -> Episode | None:
    """Move the episode to *to* if it may; return None if it may not, or a rival was first."""
    statement = (
        update(Episode)
        .where(
            Episode.id == episode_id,
            Episode.state.in_(sources_of(to)),
            Episode.close_reason_code.is_distinct_from(MERGED),
        )
        .values(state=to, version=Episode.version + 1, **values)
        .returning(Episode)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def join_team(
    session: AsyncSession, episode: Episode, *, staff_id: str, role_code: str, now: datetime
) -> None:
    """Put somebody on the care team, or put them back on it."""
    statement = insert(CareTeamMember).values(
        episode_id=episode.id,
        staff_id=staff_id,
        programme_id=episode.programme_id,
        role_code=role_code,
        since=now,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["episode_id", "staff_id"],
            set_={"role_code": role_code, "until": None},
        )
    )


async def leave_team(
    session: AsyncSession, *, episode_id: UUID, staff_id: str, now: datetime
) -> None:
    """Take somebody off the care team; that they knew the person stays known."""
    await session.execute(
        update(CareTeamMember)
        .where(
            CareTeamMember.episode_id == episode_id,
            CareTeamMember.staff_id == staff_id,
            CareTeamMember.until.is_(None),
        )
        .values(until=now)
    )


async def team(session: AsyncSession, *, episode_id: UUID) -> Sequence[CareTeamMember]:
    """Return everybody who is or was on the care team, longest first."""
    return (
        await session.scalars(
            select(CareTeamMember)
            .where(CareTeamMember.episode_id == episode_id)
            .order_by(CareTeamMember.since, CareTeamMember.staff_id)
            .execution_options(populate_existing=True)
        )
    ).all()
