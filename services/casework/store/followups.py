"""Queries about follow-ups and safe hours. Rivals (completing, missing) are guarded updates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.casework.domain.followups import FollowupState, sources_of
from services.casework.store.access import visible
from services.casework.tables.episodes import CareTeamMember
from services.casework.tables.participants import ParticipantReferral
from services.casework.tables.work import Followup, SafeContact

Cursor = tuple[datetime, UUID]


async def put(session: AsyncSession, values: dict[str, Any]) -> Followup | None:
    """Plan a follow-up, or plan it anew if it was cancelled; None if it stands already."""
    anew = ("state", "planned_for", "due_at", "window_ends_at")
    statement = (
        insert(Followup)
        .values(state=FollowupState.SCHEDULED, version=1, **values)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert(Followup).excluded[name] for name in anew}
            | {"version": Followup.version + 1},
            where=Followup.state == FollowupState.CANCELLED,
        )
        .returning(Followup)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def move(
    session: AsyncSession,
    *which: ColumnElement[bool],
    to: FollowupState,
    **values: Any,  # noqa: ANN401 - columns of the table
) -> Sequence[Followup]:
    """Move those that may move to *to*, and return them; rivals find nothing left."""
    statement = (
        update(Followup)
        .where(Followup.state.in_(sources_of(to)), *which)
        .values(state=to, version=Followup.version + 1, **values)
        .returning(Followup)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def open_of_episode(session: AsyncSession, *, episode_id: UUID) -> Sequence[Followup]:
    """Return what is ahead and what is due, soonest first."""
    query = (
        select(Followup)
        .where(
            Followup.episode_id == episode_id,
            Followup.state.in_((FollowupState.SCHEDULED, FollowupState.DUE)),
        )
        .order_by(Followup.due_at, Followup.id)
    )
    return (await session.scalars(query)).all()


async def postpone(
    session: AsyncSession, followup_id: UUID, *, due_at: datetime, window_ends_at: datetime
) -> Followup | None:
    """Plan another moment for what is still ahead."""
    statement = (
        update(Followup)
        .where(
            Followup.id == followup_id,
            Followup.state == FollowupState.SCHEDULED,
            Followup.due_at != due_at,
        )
        .values(due_at=due_at, window_ends_at=window_ends_at, version=Followup.version + 1)
        .returning(Followup)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, followup_id: UUID) -> Followup | None:
    return await session.get(Followup, followup_id, populate_existing=True)


async def ahead_of_person(session: AsyncSession, *, referral_id: UUID) -> Sequence[Followup]:
    """Return what is still ahead for the person whom the referral is about."""
    mine, theirs = aliased(ParticipantReferral), aliased(ParticipantReferral)
    return (
        await session.scalars(
            select(Followup)
            .join(theirs, theirs.referral_id == Followup.referral_id)
            .join(mine, mine.participant_id == theirs.participant_id)
            .where(mine.referral_id == referral_id, Followup.state == FollowupState.SCHEDULED)
            .order_by(Followup.due_at, Followup.id)
        )
    ).all()


async def page(
    session: AsyncSession,
    *,
    supervises: bool,
    state: FollowupState | None,
    episode_id: UUID | None,
    worker_id: str | None,
    after: Cursor | None,
    limit: int,
) -> Sequence[Followup]:
    """Return follow-ups of whose record I may read, soonest first."""
    query = (
        select(Followup)
        .join(ParticipantReferral, ParticipantReferral.referral_id == Followup.referral_id)
        .where(visible(ParticipantReferral.participant_id, supervises=supervises))
        .order_by(Followup.due_at, Followup.id)
        .limit(limit)
    )
    if state is not None:
        query = query.where(Followup.state == state)
    if episode_id is not None:
        query = query.where(Followup.episode_id == episode_id)
    if worker_id is not None:
        query = query.join(CareTeamMember, CareTeamMember.episode_id == Followup.episode_id).where(
            CareTeamMember.staff_id == worker_id, CareTeamMember.until.is_(None)
        )
    if after is not None:
        query = query.where(tuple_(Followup.due_at, Followup.id) > after)
    return (await session.scalars(query)).all()


async def safe_contact_of(session: AsyncSession, *, referral_id: UUID) -> SafeContact | None:
    """Return what was last confirmed of how the referral's person may safely be reached."""
    mine, theirs = aliased(ParticipantReferral), aliased(ParticipantReferral)
    return await session.scalar(
        select(SafeContact)
        .join(theirs, theirs.referral_id == SafeContact.referral_id)
        .join(mine, mine.participant_id == theirs.participant_id)
        .where(mine.referral_id == referral_id)
        .order_by(SafeContact.confirmed_at.desc(), SafeContact.referral_id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


async def put_safe_contact(session: AsyncSession, values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if name != "referral_id"}
    await session.execute(
        insert(SafeContact)
        .values(version=1, **values)
        .on_conflict_do_update(
            index_elements=["referral_id"],
            set_=changed | {"version": SafeContact.version + 1},
        )
    )
