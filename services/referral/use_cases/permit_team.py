"""Ask the policy about a programme's team: ladder, shifts, staff and the county policy are one."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.http.access import Resource, permit
from shared.policy.actor import Caller


def permit_team(session: AsyncSession, caller: Caller, action: str) -> str:
    """Return the caller's programme if the policy lets them do *action* to its team."""
    programme_id = caller.actor.programme_id
    permit(session, caller, action, Resource("Team", programme_id, programme_id))
    return programme_id
