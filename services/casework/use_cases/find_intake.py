"""Find an intake, and whom it is about, for somebody who may act on it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import intakes
from services.casework.tables.participants import Intake
from services.casework.use_cases.permit_record import permit_record
from shared.http.access import Denied
from shared.policy.actor import Caller


async def find_intake(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, action: str
) -> tuple[Intake, UUID]:
    """Return the intake and its participant if the policy lets *caller* do *action* to it."""
    found = await intakes.find_intake(session, referral_id)
    if found is None:
        raise Denied.missing(action, kind="Intake", id=str(referral_id))
    intake, participant_id = found
    await permit_record(
        session,
        caller,
        action,
        kind="Intake",
        id=referral_id,
        programme_id=intake.programme_id,
        referral_id=referral_id,
    )
    return intake, participant_id
