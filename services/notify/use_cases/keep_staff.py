"""Keep who is on the staff."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.store import staff
from shared.events.referral import StaffChanged


async def keep_staff(session: AsyncSession, changed: StaffChanged) -> None:
    await staff.fold(
        session,
        programme_id=changed.programme_id,
        staff_id=changed.staff_id,
        role_codes=sorted(changed.role_codes),
        agency_id=changed.agency_id,
        active=changed.active,
        version=changed.aggregate_version,
    )
