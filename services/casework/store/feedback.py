"""Queries of released tables, and the facts they are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.casework.domain.contacts import ContactKind
from services.casework.domain.feedback import PersonFacts, Quarter
from services.casework.domain.needs import NeedState
from services.casework.tables.episodes import Episode, Need
from services.casework.tables.feedback import FeedbackRelease
from services.casework.tables.participants import Intake, ParticipantReferral, ReferralFact
from services.casework.tables.timeline import TimelineEntry
from services.casework.tables.work import Contact

Cursor = tuple[datetime, UUID]

COMPLETED = "completed"
ENROLLED = "episode_enrolled"
CLOSED = "episode_closed"


async def people_referred(
    session: AsyncSession, *, agency_id: str, quarter: Quarter
) -> list[PersonFacts]:
    """Return each person whom the agency referred in the quarter, once, as known at present.

    One statement, so that the whole table is of one moment. Enrolment and completion are read from
    the timeline, because an episode that is paused or reopened forgets its first.
    """
    query = _went(_referred(agency_id, quarter))
    return [
        PersonFacts(
            first_referred_at=row.first_referred_at,
            accepted=row.accepted,
            met=row.met,
            enrolled_at=row.enrolled_at,
            first_contact_at=row.first,
            last_contact_at=row.last,
            connected=row.connected > 0,
            completed=row.completed > 0,
        )
        for row in await session.execute(query)
    ]


def _went(one: Subquery) -> Select[Any]:
    """Select what each person went through from their first referral on."""
    since = one.c.first_referred_at
    closed_before = Episode.closed_at < since
    still_enrolled = (Episode.enrolled_at < since, closed_before.is_not(True))
    enrolled = (TimelineEntry.kind == ENROLLED, TimelineEntry.happened_at >= since)
    completed = (
        TimelineEntry.kind == CLOSED,
        TimelineEntry.detail["reason_code"].astext == COMPLETED,
        TimelineEntry.happened_at >= since,
    )
    made = (Contact.kind == ContactKind.MADE, Contact.started_at >= since)
    connected = (Need.state == NeedState.CONNECTED, Need.settled_at >= since)
    of_episode, of_line = Episode.referral_id, TimelineEntry.referral_id
    return select(
        since,
        one.c.accepted,
        one.c.met,
        func.least(
            _of(one, func.min(Episode.enrolled_at), of_episode, *still_enrolled),
            _of(one, func.min(TimelineEntry.happened_at), of_line, *enrolled),
        ).label("enrolled_at"),
        _of(one, func.min(Contact.started_at), Contact.referral_id, *made).label("first"),
        _of(one, func.max(Contact.started_at), Contact.referral_id, *made).label("last"),
        _of(one, func.count(Need.id), Need.referral_id, *connected).label("connected"),
        _of(one, func.count(TimelineEntry.id), of_line, *completed).label("completed"),
    )


def _referred(agency_id: str, quarter: Quarter) -> Subquery:
    """Select the people of the agency's referrals in the quarter, and how those went."""
    query: Select[Any] = (
        select(
            ParticipantReferral.participant_id,
            func.min(Intake.received_at).label("first_referred_at"),
            func.bool_or(ReferralFact.accepted_at.is_not(None)).label("accepted"),
            func.bool_or(ReferralFact.met_at.is_not(None)).label("met"),
        )
        .join(Intake, Intake.referral_id == ParticipantReferral.referral_id)
        .outerjoin(ReferralFact, ReferralFact.referral_id == Intake.referral_id)
        .where(
            Intake.agency_id == agency_id,
            Intake.received_at >= quarter.starts_at,
            Intake.received_at < quarter.closes_at,
        )
        .group_by(ParticipantReferral.participant_id)
    )
    return query.subquery("one")


def _of(
    one: Subquery,
    found: ColumnElement[Any],
    referral_id: InstrumentedAttribute[UUID],
    *conditions: ColumnElement[bool],
) -> ScalarSelect[Any]:
    """Select *found* over everything that hangs on any referral of the person."""
    mine = ParticipantReferral.referral_id == referral_id
    whose = ParticipantReferral.participant_id == one.c.participant_id
    query = select(found).join(ParticipantReferral, mine).where(whose, *conditions)
    return query.correlate(one).scalar_subquery()


async def add(session: AsyncSession, values: dict[str, Any]) -> FeedbackRelease | None:
    """Add a release; None if this id, or this agency's quarter, has one. It is never changed."""
    statement = (
        insert(FeedbackRelease).values(values).on_conflict_do_nothing().returning(FeedbackRelease)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, release_id: UUID) -> FeedbackRelease | None:
    return await session.get(FeedbackRelease, release_id)


async def page(
    session: AsyncSession, *, before: Cursor | None, limit: int
) -> Sequence[FeedbackRelease]:
    """Return released tables, newest first."""
    query = (
        select(FeedbackRelease)
        .order_by(FeedbackRelease.published_at.desc(), FeedbackRelease.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(FeedbackRelease.published_at, FeedbackRelease.id) < before)
    return (await session.scalars(query)).all()
