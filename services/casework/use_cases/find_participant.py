"""Find a participant for somebody who may act on them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import access, intakes
from services.casework.tables.participants import Participant
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


async def find_participant(
    session: AsyncSession, caller: Caller, participant_id: UUID, *, action: str
) -> Participant:
    """Return the participant if the policy lets *caller* do *action* to them."""
    participant = await intakes.find_participant(session, participant_id)
    stands = await access.toward_person(session, participant_id)  # also if missing: costs the same
    if participant is None:
        raise Denied.missing(action, kind="Participant", id=str(participant_id))
    resource = Resource(
        "Participant", str(participant_id), participant.programme_id, stands.attrs()
    )
    permit(session, caller, action, resource)
    return participant
