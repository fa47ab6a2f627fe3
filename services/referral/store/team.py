"""Queries about who can be asked: ladder, shifts, staff."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.ladder import DEFAULT_LADDER, Rung
from services.referral.tables.handoffs import Ladder, Shift, StaffMember
from services.referral.tables.referrals import Programme


async def ladder(session: AsyncSession) -> tuple[Rung, ...]:
    """Return the programme's ladder, or the usual one if it has none of its own."""
    found = await session.scalar(select(Ladder.rungs))
    if found is None:
        return DEFAULT_LADDER
    return tuple(Rung(each["role_code"], timedelta(minutes=each["wait_minutes"])) for each in found)


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


async def on_duty(
    session: AsyncSession, roles: Collection[str], *, now: datetime
) -> Mapping[str, list[str]]:
    """Return who is on duty at *now* in each of *roles*, in a fixed order."""
    rows = await session.execute(
        select(Shift.role_code, Shift.staff_id)
        .where(Shift.role_code.in_(roles), Shift.starts_at <= now, Shift.ends_at > now)
        .distinct()
        .order_by(Shift.staff_id)
    )
    found: dict[str, list[str]] = {role: [] for role in roles}
    for role, staff_id in rows:
        found[role].append(staff_id)
    return found


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
