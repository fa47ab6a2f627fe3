"""Read follow-ups, soonest first; whether one is overdue is computed here and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import supervises
from services.casework.domain.followups import FollowupState, is_overdue
from services.casework.store import followups
from services.casework.tables.work import Followup
from shared.clock import app_now
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


@dataclass(frozen=True, slots=True)
class FollowupSeen:
    followup: Followup
    overdue: bool


async def list_followups(
    session: AsyncSession,
    caller: Caller,
    *,
    mine: bool,
    state: FollowupState | None,
    episode_id: UUID | None,
    after: followups.Cursor | None,
    limit: int,
) -> Sequence[FollowupSeen]:
    resource = Resource("Followups", "all", caller.actor.programme_id)
    permit(session, caller, "list_followups", resource)
    now = await app_now(session)
    rows = await followups.page(
        session,
        supervises=supervises(caller.actor.roles),
        state=state,
        episode_id=episode_id,
        worker_id=caller.actor.actor_id if mine else None,
        after=after,
        limit=limit,
    )
    return [as_seen(each, now) for each in rows]


def as_seen(followup: Followup, now: datetime) -> FollowupSeen:
    """Return the follow-up as it stands at *now*."""
    overdue = is_overdue(kind=followup.kind, state=followup.state, due_at=followup.due_at, now=now)
    return FollowupSeen(followup, overdue)
