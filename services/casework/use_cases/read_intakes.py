"""Read the intakes of a programme: as a list without identities, or one with its identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import supervises
from services.casework.store import intakes
from services.casework.tables.participants import Intake
from services.casework.use_cases.find_intake import find_intake
from services.casework.use_cases.open_identity import open_identity
from shared.http.access import Resource, permit
from shared.policy.actor import Caller
from shared.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class IntakeSeen:
    intake: Intake
    participant_id: UUID
    identity: bytes | None


async def list_intakes(
    session: AsyncSession, caller: Caller, *, before: intakes.Cursor | None, limit: int
) -> Sequence[intakes.IntakeLine]:
    permit(
        session,
        caller,
        "list_intakes",
        Resource(kind="Intakes", id="all", programme_id=caller.actor.programme_id),
    )
    return await intakes.list_intakes(
        session, supervises=supervises(caller.actor.roles), before=before, limit=limit
    )


async def read_intake(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, vault: Vault
) -> IntakeSeen:
    intake, participant_id = await find_intake(session, caller, referral_id, action="read_intake")
    identity = await open_identity(session, intake, vault=vault)
    return IntakeSeen(intake=intake, participant_id=participant_id, identity=identity)
