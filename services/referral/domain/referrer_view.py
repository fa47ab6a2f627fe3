"""What a referrer is told of a referral, in operational words, and for how long.

It depends only on the live handoff and on the time since the referral was received: never on
the person's past. From the officer's release, or after two hours, everybody reads the same,
whatever follows: silence must not signal an outcome either (42 CFR 2.13: presence itself may not
be acknowledged without consent).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from services.referral.domain.handoff import HandoffState
from services.referral.domain.ladder import FIRST

LIVE_FOR = timedelta(hours=2)


class ReferrerStatus(StrEnum):
    CALLING = "calling_the_team"
    OFFERED = "offered"
    CALLING_MORE = "calling_more_people"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    NOBODY = "nobody_available"
    WITHDRAWN = "withdrawn"
    RECEIVED = "received_by_the_programme"


# What a waiting referrer sees does not say what the person answered.
WORDS: Mapping[HandoffState, ReferrerStatus] = {
    HandoffState.REQUESTED: ReferrerStatus.CALLING,
    HandoffState.OFFERED: ReferrerStatus.OFFERED,
    HandoffState.ACCEPTED: ReferrerStatus.ACCEPTED,
    HandoffState.ON_THE_WAY: ReferrerStatus.ON_THE_WAY,
    HandoffState.ARRIVED: ReferrerStatus.ARRIVED,
    HandoffState.MET: ReferrerStatus.ARRIVED,
    HandoffState.PERSON_AGREED: ReferrerStatus.ARRIVED,
    HandoffState.PERSON_DECLINED: ReferrerStatus.ARRIVED,
    HandoffState.EXPIRED: ReferrerStatus.NOBODY,
    HandoffState.WITHDRAWN: ReferrerStatus.WITHDRAWN,
}

NEXT_STEP: Mapping[ReferrerStatus, str] = {
    ReferrerStatus.CALLING: "Please wait: the team is being called.",
    ReferrerStatus.OFFERED: "Please wait: somebody on duty has been asked to come.",
    ReferrerStatus.CALLING_MORE: "Please wait: more people are being called.",
    ReferrerStatus.ACCEPTED: "Somebody from the team has taken this. Please wait if you can.",
    ReferrerStatus.ON_THE_WAY: "Somebody from the team is on the way.",
    ReferrerStatus.ARRIVED: "Somebody from the team is there. Once they agree, you can go.",
    ReferrerStatus.NOBODY: (
        "Nobody from the team can come now. Give the person the programme's card; the team gets in"
        " touch with them. In an emergency call 911; for a crisis line call 988."
    ),
    ReferrerStatus.WITHDRAWN: "This referral was taken back. There is nothing to do.",
    ReferrerStatus.RECEIVED: "The programme has it. There is nothing more to do.",
}


def status_for_referrer(
    state: HandoffState,
    *,
    rung: int,
    received_at: datetime,
    released_at: datetime | None,
    now: datetime,
) -> ReferrerStatus:
    """Return the status a referrer sees at *now*."""
    if released_at is not None or now - received_at >= LIVE_FOR:
        return ReferrerStatus.RECEIVED
    if state is HandoffState.OFFERED and rung > FIRST:
        return ReferrerStatus.CALLING_MORE
    return WORDS[state]


# Only while somebody is on the way to the referrer, or with them.
SOMEBODY_COMES = frozenset(
    {ReferrerStatus.ACCEPTED, ReferrerStatus.ON_THE_WAY, ReferrerStatus.ARRIVED}
)


def role_for_referrer(status: ReferrerStatus, accepted_role_code: str | None) -> str | None:
    """Return as what whoever comes works: never a name, and nothing once all read the same."""
    return accepted_role_code if status in SOMEBODY_COMES else None
