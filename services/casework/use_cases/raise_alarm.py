"""Tell the privacy officer that somebody asks casework for what is not theirs.

Enforcement with the first try; everybody else when they were refused often within a few minutes, as
somebody is who tries one id after the other. They are answered as if nothing were there, and it is
audited each time. It is told once a day for each of them: an alarm that never stops is heard by
nobody.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import oversight
from services.casework.tables.access import FirewallAlarm, ProbingAlarm
from shared.clock import app_now
from shared.events.casework import FirewallTried, ProbingNoticed
from shared.messaging import outbox
from shared.policy.actor import Caller, Function

PROBES = 20
WITHIN = timedelta(minutes=10)


async def raise_alarm(session: AsyncSession, caller: Caller) -> None:
    """Tell of a refused *caller*, if there is reason to and it is today's first."""
    actor = caller.actor
    if actor.function is Function.SERVICE:
        return
    if actor.function is Function.ENFORCEMENT:
        await _tell(session, caller, FirewallAlarm, FirewallTried)
        return
    refused = await oversight.denials(
        session, programme_id=actor.programme_id, staff_id=actor.actor_id, within=WITHIN
    )
    if refused >= PROBES:
        await _tell(session, caller, ProbingAlarm, ProbingNoticed)


async def _tell(
    session: AsyncSession,
    caller: Caller,
    alarm: type[FirewallAlarm | ProbingAlarm],
    event: type[FirewallTried | ProbingNoticed],
) -> None:
    programme_id, staff_id = caller.actor.programme_id, caller.actor.actor_id
    now = await app_now(session)
    day = now.date()
    if not await oversight.alarm(
        session, alarm, programme_id=programme_id, staff_id=staff_id, day=day
    ):
        return
    told = f"{programme_id}/{staff_id}/{day}"
    outbox.add(
        session,
        event(
            programme_id=programme_id,
            aggregate_id=uuid5(
                NAMESPACE_URL, told if event is FirewallTried else f"probing/{told}"
            ),
            aggregate_version=1,
            occurred_at=now,
            staff_id=staff_id,
        ),
    )
