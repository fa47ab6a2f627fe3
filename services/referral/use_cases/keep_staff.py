"""Keep who works with the programme, and tell notify of it, which writes to them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.store import team
from services.referral.tables.handoffs import StaffMember
from services.referral.use_cases.permit_team import permit_team
from shared.clock import app_now
from shared.events.referral import StaffChanged
from shared.messaging import outbox
from shared.policy.actor import Caller

STAFF = UUID("6f1d0a52-6a3c-5d0e-9b64-2f3a1c7e8d10")  # the namespace of staff ids


async def put_staff(
    session: AsyncSession, caller: Caller, staff_id: str, values: Mapping[str, Any]
) -> None:
    """Add somebody or change what is known of them; the same again tells nothing."""
    programme_id = permit_team(session, caller, "set_up_team")
    member = {"programme_id": programme_id, "staff_id": staff_id, **values}
    changed = await team.put_staff(session, member)
    if changed is None:
        return
    outbox.add(
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
    permit_team(session, caller, "read_team")
    return await team.staff(session, limit=limit)
