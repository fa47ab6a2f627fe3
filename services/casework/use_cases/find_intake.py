"""Find an intake, and whom it is about, for somebody who may act on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import intakes
from services.casework.tables.participants import Intake
from services.casework.use_cases.permit_record import permit_record
from shared.policy.actor import Caller


async def find_intake(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, action: str
) -> tuple[Intake, UUID]:
    """Return the intake and its participant if the policy lets *caller* do *action* to it."""
    intake, participant_id = await intakes.find_intake(session, referral_id) or (None, referral_id)
    intake = await permit_record(
        session, caller, action, kind="Intake", id=referral_id, found=intake
    )
    return intake, participant_id
