"""Call the team rung by rung until somebody accepts or the ladder ends.

Whoever accepts first wins: every step here is a guarded update that finds nothing to move then.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.referral.domain.handoff import HandoffState
from services.referral.domain.ladder import FIRST, Roster, rung_at
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


def request_handoff(session: AsyncSession, referral: Referral, roster: Roster) -> None:
    """Open the referral's handoff and ask the first rung that has somebody on duty."""
    now = referral.received_at
    handoff = Handoff(
        id=uuid7(),
        referral_id=referral.id,
        programme_id=referral.programme_id,
        state=HandoffState.REQUESTED,
        rung=0,
        version=1,
        requested_at=now,
    )
    tell(session, HandoffRequested, handoff, now=now)
    number = roster.rung_from(FIRST)
    if number is not None:
        handoff.state, handoff.rung, handoff.version = HandoffState.OFFERED, number, 2
        handoff.moved_at = now
        _ask(session, handoff, roster, now=now)
    handoffs.add(session, handoff)


async def rung_is_over(session: AsyncSession, timer: Timer) -> None:
    """Call the next rung when this one's time has passed, unless somebody moved first."""
    handoff = await handoffs.find_by_id(session, timer.aggregate_id)
    if handoff is not None and handoff.rung == timer.payload["rung"]:
        await call_next(session, handoff, now=await app_now(session))


async def call_next(session: AsyncSession, handoff: Handoff, *, now: datetime) -> None:
    """Call the people of the next rung, or say that there is none; rivals may be first."""
    roster = (await team.facts(session)).roster
    number = roster.rung_from(handoff.rung + 1)
    if number is None:
        expired = await handoffs.move(
            session, handoff.id, to=HandoffState.EXPIRED, now=now, rung=handoff.rung
        )
        if expired is not None:
            tell(session, HandoffExpired, expired, now=now)
        return
    offered = await handoffs.move(
        session, handoff.id, to=HandoffState.OFFERED, now=now, rung=handoff.rung, new_rung=number
    )
    if offered is not None:
        tell(session, HandoffEscalated, offered, now=now, rung=number)
        _ask(session, await handoffs.touch(session, offered.id), roster, now=now)


def _ask(session: AsyncSession, handoff: Handoff, roster: Roster, *, now: datetime) -> None:
    """Ask everybody on duty on the handoff's rung, and wait for as long as the rung says.

    An earlier rung's timer finds nothing any more.
    """
    rung = rung_at(roster.ladder, handoff.rung)
    if rung is None:
        raise LookupError("the ladder has no such rung")
    people = roster.people(rung)
    handoffs.offer(session, handoff, staff_ids=people, now=now)
    tell(
        session,
        HandoffOffered,
        handoff,
        now=now,
        rung=handoff.rung,
        offered_to_ids=tuple(people),
    )
    set_timer(
        session,
        Timer(
            kind=NEXT_RUNG_TIMER,
            aggregate_id=handoff.id,
            programme_id=handoff.programme_id,
            due_at=now + rung.wait,
            payload={"rung": handoff.rung},
        ),
    )
