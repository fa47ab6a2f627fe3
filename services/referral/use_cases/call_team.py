"""Call the team rung by rung until somebody accepts or the ladder ends.

Whoever accepts first wins: every step here is a guarded update that finds nothing to move then.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.referral.domain.handoff import HandoffState
from services.referral.domain.ladder import FIRST, first_with_somebody, rung_at
from services.referral.store import handoffs, team
from services.referral.tables.handoffs import Handoff
from services.referral.tables.referrals import Referral
from services.referral.use_cases.tell import tell
from shared.clock import app_now
from shared.events.referral import (
    HandoffEscalated,
    HandoffExpired,
    HandoffOffered,
    HandoffRequested,
)
from shared.messaging.timers import Timer, set_timer

NEXT_RUNG_TIMER = "call_next_rung"


async def request_handoff(session: AsyncSession, referral: Referral) -> None:
    """Open the referral's handoff and ask the first rung that has somebody on duty."""
    handoff = Handoff(
        id=uuid7(),
        referral_id=referral.id,
        programme_id=referral.programme_id,
        state=HandoffState.REQUESTED,
        rung=0,
        version=1,
        requested_at=referral.received_at,
    )
    await handoffs.add(session, handoff)
    await tell(session, HandoffRequested, handoff, now=referral.received_at)
    await _offer(session, handoff, begin=FIRST, now=referral.received_at)


async def rung_is_over(session: AsyncSession, timer: Timer) -> None:
    """Call the next rung when this one's time has passed, unless somebody moved first."""
    handoff = await handoffs.find_by_id(session, timer.aggregate_id)
    if handoff is not None and handoff.rung == timer.payload["rung"]:
        await call_next(session, handoff, now=await app_now(session))


async def call_next(session: AsyncSession, handoff: Handoff, *, now: datetime) -> None:
    """Call the people of the next rung, or say that there is none; rivals may be first."""
    rung = handoff.rung
    if rung_at(await team.ladder(session), rung + 1) is None:
        expired = await handoffs.move(
            session, handoff.id, to=HandoffState.EXPIRED, now=now, rung=rung
        )
        if expired is not None:
            await tell(session, HandoffExpired, expired, now=now)
        return
    await _offer(session, handoff, begin=rung + 1, now=now)


async def _offer(session: AsyncSession, handoff: Handoff, *, begin: int, now: datetime) -> None:
    """Ask everybody on duty on the first rung from *begin* that has anybody."""
    ladder = await team.ladder(session)
    on_duty = await team.on_duty(session, {rung.role_code for rung in ladder}, now=now)
    number = first_with_somebody(
        ladder, [bool(on_duty[rung.role_code]) for rung in ladder], begin=begin
    )
    rung = rung_at(ladder, number) if number is not None else None
    if number is None or rung is None:
        return
    offered = await handoffs.move(
        session, handoff.id, to=HandoffState.OFFERED, now=now, rung=handoff.rung, new_rung=number
    )
    if offered is None:
        return
    if begin > FIRST:
        await tell(session, HandoffEscalated, offered, now=now, rung=number)
        offered = await handoffs.touch(session, offered.id)
    people = on_duty[rung.role_code]
    await handoffs.offer(session, offered, staff_ids=people, now=now)
    await tell(session, HandoffOffered, offered, now=now, rung=number, offered_to_ids=tuple(people))
    await _set_timer(session, offered, due_at=now + rung.wait)


async def _set_timer(session: AsyncSession, handoff: Handoff, *, due_at: datetime) -> None:
    """Have the next rung called at *due_at*; an earlier rung's timer finds nothing any more."""
    set_timer(
        session,
        Timer(
            kind=NEXT_RUNG_TIMER,
            aggregate_id=handoff.id,
            programme_id=handoff.programme_id,
            due_at=due_at,
            payload={"rung": handoff.rung},
        ),
    )
