"""Keep the roster: when somebody is on duty, and as what."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.errors import ShiftIdTaken
from services.referral.store import team
from services.referral.tables.handoffs import Shift
from services.referral.use_cases.permit_team import permit_team
from shared.clock import app_now
from shared.http.access import Denied
from shared.policy.actor import Caller


async def put_shift(
    session: AsyncSession, caller: Caller, shift_id: UUID, values: Mapping[str, Any]
) -> None:
    """Add a shift or change it.

    Raises:
        ShiftIdTaken: the id is not this programme's.
    """
    programme_id = permit_team(session, caller, "set_up_team")
    shift = {"id": shift_id, "programme_id": programme_id, **values}
    if not await team.put_shift(session, shift):
        raise ShiftIdTaken


async def delete_shift(session: AsyncSession, caller: Caller, shift_id: UUID) -> None:
    if await team.find_shift(session, shift_id) is None:
        raise Denied.missing("set_up_team", kind="Team", id=str(shift_id))
    permit_team(session, caller, "set_up_team")
    await team.delete_shift(session, shift_id)


async def read_shifts(session: AsyncSession, caller: Caller, *, limit: int) -> Sequence[Shift]:
    permit_team(session, caller, "read_team")
    return await team.shifts(session, ending_after=await app_now(session), limit=limit)
