"""Queries about who may reach whose record; who acts is the actor of the transaction's scope."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.casework.domain.access import Access, Standing, nearest
from services.casework.tables.access import BreakGlassAccess, NamedStaff, Restriction
from services.casework.tables.episodes import CareTeamMember, Episode
from services.casework.tables.participants import (
    Intake,
    MatchCandidate,
    Participant,
    ParticipantReferral,
)

NO_RECORD = Access(Standing.NONE, restricted=False, emergency=False)
Person = ColumnElement[UUID] | InstrumentedAttribute[UUID]

_SAME = aliased(ParticipantReferral)
ME = func.current_setting("app.actor_id", type_=Text)
_WHO = func.coalesce(Participant.merged_into_id, Participant.id)


def restricted(person: Person) -> ColumnElement[bool]:
    """Say whether the person's record is for named people only."""
    about = aliased(ParticipantReferral)
    return exists().where(
        about.participant_id == person,
        Restriction.referral_id == about.referral_id,
        Restriction.lifted_at.is_(None),
    )


def named(person: Person) -> ColumnElement[bool]:
    """Say whether the person's record is restricted, and for me."""
    about, restriction = aliased(ParticipantReferral), aliased(Restriction)
    return exists().where(
        about.participant_id == person,
        restriction.referral_id == about.referral_id,
        restriction.lifted_at.is_(None),
        NamedStaff.referral_id == restriction.referral_id,
        NamedStaff.staff_id == ME,
    )


def in_care_team(person: Person) -> ColumnElement[bool]:
    """Say whether I am on the care team of one of the person's episodes."""
    about, episode = aliased(ParticipantReferral), aliased(Episode)
    member = aliased(CareTeamMember)
    return exists().where(
        about.participant_id == person,
        episode.referral_id == about.referral_id,
        member.episode_id == episode.id,
        member.staff_id == ME,
        member.until.is_(None),
    )


def taken_on(person: Person) -> ColumnElement[bool]:
    """Say whether anybody has begun to work with the person."""
    about, episode = aliased(ParticipantReferral), aliased(Episode)
    return exists().where(about.participant_id == person, episode.referral_id == about.referral_id)


def in_emergency(person: Person) -> ColumnElement[bool]:
    """Say whether I have opened the person's record in an emergency, and the time is not over."""
    about = aliased(ParticipantReferral)
    return exists().where(
        about.participant_id == person,
        BreakGlassAccess.referral_id == about.referral_id,
        BreakGlassAccess.staff_id == ME,
        BreakGlassAccess.expires_at > func.now(),  # real time, wherever a demo's clock stands
    )


def visible(person: Person, *, supervises: bool) -> ColumnElement[bool]:
    """Keep a list to whose record I may read, by the same rule as the policy has.

    The rule is `record_of_those_who_work_with_the_person`; a property test holds both equal.
    """
    return or_(workable(person, supervises=supervises), in_emergency(person))


def workable(person: Person, *, supervises: bool) -> ColumnElement[bool]:
    """Keep a list to whose record I may also write: in an emergency I only read."""
    mine = or_(in_care_team(person), not_(taken_on(person)))
    unrestricted = not_(restricted(person))
    return or_(unrestricted if supervises else and_(unrestricted, mine), named(person))


async def is_visible(session: AsyncSession, person_id: UUID, *, supervises: bool) -> bool:
    """Say whether I may read the record of this person."""
    query = select(visible(_WHO, supervises=supervises)).select_from(Participant)
    return bool(await session.scalar(query.where(Participant.id == person_id)))


def _toward(person: Person) -> Select[bool, bool, bool, bool, bool]:
    return select(
        named(person),
        in_care_team(person),
        taken_on(person),
        restricted(person),
        in_emergency(person),
    )


# Built once: it is asked with almost every request.
TOWARD_PERSON = _toward(_WHO).select_from(Participant).where(Participant.id == bindparam("id"))
TOWARD_WHOM_REFERRAL_IS_ABOUT = (
    _toward(ParticipantReferral.participant_id)
    .select_from(ParticipantReferral)
    .where(ParticipantReferral.referral_id == bindparam("id"))
)


async def toward_person(session: AsyncSession, person_id: UUID) -> Access:
    """Return how I stand to the record of a person; not at all if there is none."""
    return await _access(session, TOWARD_PERSON, person_id)


async def toward_referral(session: AsyncSession, referral_id: UUID) -> Access:
    """Return how I stand to the record of whom the referral is about, if there is one."""
    return await _access(session, TOWARD_WHOM_REFERRAL_IS_ABOUT, referral_id)


async def toward_match(session: AsyncSession, candidate: MatchCandidate) -> Access:
    """Return how I stand to a candidate: as to the new referral's person.

    Not at all if the other's record is restricted, and not for me.
    """
    other = await toward_referral(session, candidate.other_referral_id)
    new = await toward_referral(session, candidate.referral_id)
    if other.restricted and other.standing is not Standing.NAMED:
        return Access(Standing.NONE, restricted=True, emergency=False)
    return new


async def toward_no_match(session: AsyncSession, candidate_id: UUID) -> None:
    """Ask what `toward_match` asks, of a candidate that is not there: it costs the same."""
    for _ in ("other", "new"):
        await toward_referral(session, candidate_id)


async def _access(
    session: AsyncSession, statement: Select[bool, bool, bool, bool, bool], id_: UUID
) -> Access:
    found = (await session.execute(statement, {"id": id_})).one_or_none()
    if found is None:
        return NO_RECORD
    is_named, is_member, is_taken_on, is_restricted, is_emergency = found
    return Access(
        nearest(named=is_named, in_care_team=is_member, taken_on=is_taken_on),
        restricted=is_restricted,
        emergency=is_emergency,
    )


async def first_referral_of(session: AsyncSession, person_id: UUID) -> UUID | None:
    """Return the first referral about the person; None if they have become somebody else's."""
    about = aliased(ParticipantReferral)
    first = (
        select(Intake.referral_id)
        .join(about, about.referral_id == Intake.referral_id)
        .where(about.participant_id == person_id)
        .order_by(Intake.received_at, Intake.referral_id)
        .limit(1)
    )
    return await session.scalar(first)


async def restrictions_of(session: AsyncSession, person_id: UUID) -> Sequence[Restriction]:
    """Return the person's restrictions that stand: one, or more if they were several people's."""
    about = aliased(ParticipantReferral)
    standing = (
        select(Restriction)
        .join(about, about.referral_id == Restriction.referral_id)
        .where(about.participant_id == person_id, Restriction.lifted_at.is_(None))
        .order_by(Restriction.restricted_at, Restriction.referral_id)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(standing)).all()


async def restrict(session: AsyncSession, values: dict[str, Any]) -> None:
    """Restrict the record that hangs on a referral, also if it was before."""
    statement = insert(Restriction).values(lifted_at=None, **values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["referral_id"],
            set_={
                name: statement.excluded[name]
                for name in ("restricted_by", "restricted_at", "lifted_at")
            },
        )
    )


async def names_of(session: AsyncSession, referral_ids: Collection[UUID]) -> frozenset[str]:
    """Return for whom these restricted records are."""
    found = select(NamedStaff.staff_id).where(NamedStaff.referral_id.in_(referral_ids))
    return frozenset((await session.scalars(found)).all())


async def name(
    session: AsyncSession, referral_id: UUID, *, programme_id: str, staff_ids: Collection[str]
) -> None:
    """Have a restricted record be for these people and nobody else."""
    await session.execute(delete(NamedStaff).where(NamedStaff.referral_id == referral_id))
    rows = [
        {"referral_id": referral_id, "staff_id": each, "programme_id": programme_id}
        for each in sorted(staff_ids)
    ]
    await session.execute(insert(NamedStaff).values(rows))


async def lift(session: AsyncSession, referral_ids: Collection[UUID], *, now: datetime) -> None:
    await session.execute(
        update(Restriction).where(Restriction.referral_id.in_(referral_ids)).values(lifted_at=now)
    )


async def lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Have whoever else changes for whom this record is wait for the end of this transaction."""
    await session.execute(
        select(Participant.id).where(Participant.id == person_id).with_for_update()
    )


async def next_version(session: AsyncSession, person_id: UUID) -> int:
    """Count one change more of the person."""
    changed = (
        update(Participant)
        .where(Participant.id == person_id)
        .values(version=Participant.version + 1)
        .returning(Participant.version)
    )
    return (await session.execute(changed)).scalar_one()


NAMED_WHERE_RESTRICTED = (
    select(Restriction.referral_id, NamedStaff.staff_id)
    .select_from(ParticipantReferral)
    .join(_SAME, _SAME.participant_id == ParticipantReferral.participant_id)
    .join(Restriction, Restriction.referral_id == _SAME.referral_id)
    .join(NamedStaff, NamedStaff.referral_id == Restriction.referral_id)
    .where(
        ParticipantReferral.referral_id == bindparam("referral_id"),
        Restriction.lifted_at.is_(None),
    )
)


async def who_may_be_told(
    session: AsyncSession, *, referral_id: UUID, staff_ids: Collection[str]
) -> tuple[str, ...]:
    """Return those of *staff_ids* for whom the record is of whom the referral is about.

    All of them, unless it is restricted: then a notice alone would tell the others something.
    """
    rows = (await session.execute(NAMED_WHERE_RESTRICTED, {"referral_id": referral_id})).all()
    names = {staff_id for _, staff_id in rows}
    return tuple(each for each in staff_ids if not rows or each in names)
