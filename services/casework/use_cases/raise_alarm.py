"""Tell the privacy officer that somebody whose work is enforcement asked casework for something.

They are answered as if nothing were there, whatever they asked for, and it is audited each time. It
is told once a day for each of them: an alarm that never stops is heard by nobody.
"""

from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import oversight
from shared.clock import app_now
from shared.events.casework import FirewallTried
from shared.messaging import outbox
from shared.policy.actor import Caller, Function


async def raise_alarm(session: AsyncSession, caller: Caller) -> None:
    """Tell of a refused *caller*, if their work is enforcement and today's first."""
    actor = caller.actor
    if actor.function is not Function.ENFORCEMENT:
        return
    now = await app_now(session)
    day = now.date()
    first = await oversight.alarm(
        session, programme_id=actor.programme_id, staff_id=actor.actor_id, day=day
    )
    if first:
        outbox.add(
            session,
            FirewallTried(
                programme_id=actor.programme_id,
                aggregate_id=uuid5(NAMESPACE_URL, f"{actor.programme_id}/{actor.actor_id}/{day}"),
                aggregate_version=1,
                occurred_at=now,
                staff_id=actor.actor_id,
            ),
        )
