"""Queries of the staff projection and of delivery addresses."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.tables.staff import DeliveryAddress, Staff


async def fold(
    session: AsyncSession,
    *,
    programme_id: str,
    staff_id: str,
    role_codes: Sequence[str],
    agency_id: str | None,
    active: bool,
    version: int,
) -> None:
    """Keep what the highest version says, whatever the order they come in."""
    told = insert(Staff).values(
        programme_id=programme_id,
        staff_id=staff_id,
        role_codes=list(role_codes),
        agency_id=agency_id,
        active=active,
        version=version,
    )
    await session.execute(
        told.on_conflict_do_update(
            index_elements=["programme_id", "staff_id"],
            set_={
                name: getattr(told.excluded, name)
                for name in ("role_codes", "agency_id", "active", "version")
            },
            where=Staff.version < told.excluded.version,
        )
    )


async def reachable_with_role(session: AsyncSession, *, role: str) -> Sequence[str]:
    """Return the active staff of a role who have an address."""
    query = (
        select(Staff.staff_id)
        .join(
            DeliveryAddress,
            and_(
                DeliveryAddress.programme_id == Staff.programme_id,
                DeliveryAddress.staff_id == Staff.staff_id,
            ),
        )
        .where(Staff.active, Staff.role_codes.contains([role]))
        .order_by(Staff.staff_id)
    )
    return (await session.scalars(query)).all()


async def reachable_person(session: AsyncSession, *, staff_id: str) -> Sequence[str]:
    """Return this person if they have an address and are not known to have left."""
    query = (
        select(DeliveryAddress.staff_id)
        .outerjoin(
            Staff,
            and_(
                Staff.programme_id == DeliveryAddress.programme_id,
                Staff.staff_id == DeliveryAddress.staff_id,
            ),
        )
        .where(
            DeliveryAddress.staff_id == staff_id,
            or_(Staff.active.is_(None), Staff.active),
        )
    )
    return (await session.scalars(query)).all()


async def of_agency(
    session: AsyncSession, *, agency_id: str, roles: Collection[str]
) -> Sequence[str]:
    """Return the active staff of an agency who have one of *roles*."""
    has_one = or_(*(Staff.role_codes.contains([role]) for role in sorted(roles)))
    query = (
        select(Staff.staff_id)
        .where(Staff.active, Staff.agency_id == agency_id, has_one)
        .order_by(Staff.staff_id)
    )
    return (await session.scalars(query)).all()


async def address(session: AsyncSession, *, staff_id: str) -> DeliveryAddress | None:
    return await session.scalar(select(DeliveryAddress).where(DeliveryAddress.staff_id == staff_id))


async def put_address(
    session: AsyncSession,
    *,
    programme_id: str,
    staff_id: str,
    email: str,
    language_code: str,
    now: datetime,
) -> DeliveryAddress:
    """Set the address; the same again is the same."""
    put = insert(DeliveryAddress).values(
        programme_id=programme_id,
        staff_id=staff_id,
        email=email,
        language_code=language_code,
        changed_at=now,
    )
    kept: DeliveryAddress | None = await session.scalar(
        put.on_conflict_do_update(
            index_elements=["programme_id", "staff_id"],
            set_={
                "email": put.excluded.email,
                "language_code": put.excluded.language_code,
                "changed_at": put.excluded.changed_at,
            },
        ).returning(DeliveryAddress)
    )
    if kept is None:
        raise LookupError("an upsert returned no row")
    return kept
