"""Set up who can be asked: ladder, shifts, staff, and the programme's county policy."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.ladder import Rung
from services.referral.errors import ShiftIdTaken
from services.referral.store import team
from services.referral.tables.handoffs import Shift, StaffMember
from services.referral.tables.referrals import Programme
from shared.clock import app_now
from shared.events.referral import StaffChanged
from shared.http.access import Denied, Resource, permit
from shared.messaging import outbox
from shared.policy.actor import Caller

STAFF = UUID("6f1d0a52-6a3c-5d0e-9b64-2f3a1c7e8d10")  # the namespace of staff ids


async def _may(session: AsyncSession, caller: Caller, action: str) -> str:
    programme_id = caller.actor.programme_id
    await permit(session, caller, action, Resource("Team", programme_id, programme_id))
    return programme_id


async def set_ladder(
    session: AsyncSession, caller: Caller, rungs: Sequence[Mapping[str, Any]]
) -> None:
    programme_id = await _may(session, caller, "set_up_team")
    await team.set_ladder(
        session,
        programme_id=programme_id,
        rungs=rungs,
        by=caller.actor.actor_id,
        now=await app_now(session),
    )


async def read_ladder(session: AsyncSession, caller: Caller) -> Sequence[Rung]:
    await _may(session, caller, "read_team")
    return await team.ladder(session)


async def put_shift(
    session: AsyncSession, caller: Caller, shift_id: UUID, values: Mapping[str, Any]
) -> None:
    """Add a shift or change it.

    Raises:
        ShiftIdTaken: the id is not this programme's.
    """
    programme_id = await _may(session, caller, "set_up_team")
    shift = {"id": shift_id, "programme_id": programme_id, **values}
    if not await team.put_shift(session, shift):
        raise ShiftIdTaken


async def delete_shift(session: AsyncSession, caller: Caller, shift_id: UUID) -> None:
    if await team.find_shift(session, shift_id) is None:
        raise Denied.missing("set_up_team", kind="Team", id=str(shift_id))
    await _may(session, caller, "set_up_team")
    await team.delete_shift(session, shift_id)


async def read_shifts(session: AsyncSession, caller: Caller, *, limit: int) -> Sequence[Shift]:
    await _may(session, caller, "read_team")
    return await team.shifts(session, ending_after=await app_now(session), limit=limit)


async def put_staff(
    session: AsyncSession, caller: Caller, staff_id: str, values: Mapping[str, Any]
) -> None:
    """Add somebody or change what is known of them; the same again tells nothing."""
    programme_id = await _may(session, caller, "set_up_team")
    member = {"programme_id": programme_id, "staff_id": staff_id, **values}
    changed = await team.put_staff(session, member)
    if changed is None:
        return
    await outbox.add(
        session,
        StaffChanged(
            programme_id=programme_id,
            aggregate_id=uuid5(STAFF, f"{programme_id}/{staff_id}"),
            aggregate_version=changed.version,
            occurred_at=await app_now(session),
            staff_id=staff_id,
            role_codes=tuple(changed.role_codes),
            agency_id=changed.agency_id,
            active=changed.active,
        ),
    )


async def read_staff(session: AsyncSession, caller: Caller, *, limit: int) -> Sequence[StaffMember]:
    await _may(session, caller, "read_team")
    return await team.staff(session, limit=limit)


async def set_programme(
    session: AsyncSession, caller: Caller, *, policy_id: str, time_zone: str
) -> None:
    programme_id = await _may(session, caller, "set_up_team")
    await team.set_programme(
        session,
        programme_id=programme_id,
        policy_id=policy_id,
        time_zone=time_zone,
        by=caller.actor.actor_id,
        now=await app_now(session),
    )


async def read_programme(session: AsyncSession, caller: Caller) -> Programme | None:
    await _may(session, caller, "read_team")
    return await team.programme(session)
