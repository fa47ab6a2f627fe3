"""What a referrer is told of a referral, in operational words, and for how long.

It depends only on the live handoff and on the time since the referral was received: never on
the person's past. After two hours everybody reads the same, whatever follows: silence must not
signal an outcome either (42 CFR 2.13: presence itself may not be acknowledged without consent).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from services.referral.domain.handoff import HandoffState

LIVE_FOR = timedelta(hours=2)


class ReferrerStatus(StrEnum):
    CALLING = "calling_the_team"
    CALLING_MORE = "calling_more_people"
    ACCEPTED = "accepted"
    RECEIVED = "received_by_the_programme"


WORDS = {
    HandoffState.REQUESTED: ReferrerStatus.CALLING,
    HandoffState.ESCALATED: ReferrerStatus.CALLING_MORE,
    HandoffState.ACCEPTED: ReferrerStatus.ACCEPTED,
}


def status_for_referrer(
    state: HandoffState, *, received_at: datetime, now: datetime
) -> ReferrerStatus:
    """Return the status a referrer sees at *now*."""
    if now - received_at >= LIVE_FOR:
        return ReferrerStatus.RECEIVED
    return WORDS[state]
