"""Queries about who can be asked: ladder, shifts, staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.ladder import DEFAULT_LADDER, Roster, Rung
from services.referral.tables.handoffs import Ladder, Shift, StaffMember
from services.referral.tables.referrals import Programme

# What deciding about a handoff needs to know of the programme, in one look.
LOOK = """
    SELECT app_now() AS now, (SELECT policy_id FROM programme) AS policy_id,
           (SELECT time_zone FROM programme) AS time_zone, (SELECT rungs FROM ladder) AS rungs,
           (SELECT jsonb_object_agg(role_code, staff_ids) FROM (
               SELECT role_code, jsonb_agg(DISTINCT staff_id) AS staff_ids FROM shift
               WHERE starts_at <= app_now() AND ends_at > app_now() GROUP BY role_code
           ) AS present) AS on_duty
"""
FACTS = text(LOOK).columns(now=DateTime(timezone=True), rungs=JSONB, on_duty=JSONB)


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for the programme now: policy and zone (None without any), and whom to ask."""

    now: datetime
    policy_id: str | None
    time_zone: str | None
    roster: Roster


async def facts(session: AsyncSession) -> Facts:
    """Return what is known of the programme at this moment, by one statement."""
    return facts_from((await session.execute(FACTS)).one())


def facts_from(row: Row[Any]) -> Facts:
    """Return what a row of LOOK says."""
    roster = Roster(_rungs(row.rungs), row.on_duty or {})
    return Facts(row.now, row.policy_id, row.time_zone, roster)


async def ladder(session: AsyncSession) -> tuple[Rung, ...]:
    """Return the programme's ladder, or the usual one if it has none of its own."""
    return _rungs(await session.scalar(select(Ladder.rungs)))


def _rungs(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Rung, ...]:
    if kept is None:
        return DEFAULT_LADDER
    return tuple(Rung(each["role_code"], timedelta(minutes=each["wait_minutes"])) for each in kept)


async def set_ladder(
    session: AsyncSession,
    *,
    programme_id: str,
    rungs: Sequence[Mapping[str, Any]],
    by: str,
    now: datetime,
) -> None:
    values = {"rungs": list(rungs), "changed_at": now, "changed_by": by}
    await session.execute(
        insert(Ladder)
        .values(programme_id=programme_id, **values)
        .on_conflict_do_update(index_elements=["programme_id"], set_=values)
    )


async def put_shift(session: AsyncSession, shift: Mapping[str, Any]) -> bool:
    """Add or change a shift; return False if the id is another programme's."""
    changed = {name: value for name, value in shift.items() if name not in ("id", "programme_id")}
    put = (
        insert(Shift)
        .values(**shift)
        .on_conflict_do_update(
            index_elements=["id"],
            set_=changed,
            where=Shift.programme_id == shift["programme_id"],
        )
        .returning(Shift.id)
    )
    return await session.scalar(put) is not None


async def find_shift(session: AsyncSession, shift_id: UUID) -> Shift | None:
    return await session.get(Shift, shift_id, populate_existing=True)


async def delete_shift(session: AsyncSession, shift_id: UUID) -> None:
    await session.execute(delete(Shift).where(Shift.id == shift_id))


async def shifts(session: AsyncSession, *, ending_after: datetime, limit: int) -> Sequence[Shift]:
    """Return shifts that have not ended, soonest first."""
    return (
        await session.scalars(
            select(Shift)
            .where(Shift.ends_at > ending_after)
            .order_by(Shift.starts_at, Shift.id)
            .limit(limit)
        )
    ).all()


async def put_staff(session: AsyncSession, member: Mapping[str, Any]) -> StaffMember | None:
    """Add or change somebody; return them if anything changed."""
    values = {
        name: value for name, value in member.items() if name not in ("staff_id", "programme_id")
    }
    statement = insert(StaffMember).values(**member, version=1)
    differs = [
        getattr(StaffMember, name).is_distinct_from(statement.excluded[name]) for name in values
    ]
    put = (
        statement.on_conflict_do_update(
            index_elements=["programme_id", "staff_id"],
            set_={**values, "version": StaffMember.version + 1},
            where=differs[0] | differs[1] | differs[2] | differs[3],
        )
        .returning(StaffMember)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(put)).scalar_one_or_none()


async def staff(session: AsyncSession, *, limit: int) -> Sequence[StaffMember]:
    return (
        await session.scalars(select(StaffMember).order_by(StaffMember.staff_id).limit(limit))
    ).all()


async def programme(session: AsyncSession) -> Programme | None:
    return await session.scalar(select(Programme).execution_options(populate_existing=True))


async def set_programme(
    session: AsyncSession,
    *,
    programme_id: str,
    policy_id: str,
    time_zone: str,
    by: str,
    now: datetime,
) -> None:
    values = {
        "policy_id": policy_id,
        "time_zone": time_zone,
        "changed_at": now,
        "changed_by": by,
    }
    await session.execute(
        insert(Programme)
        .values(programme_id=programme_id, **values)
        .on_conflict_do_update(index_elements=["programme_id"], set_=values)
    )
