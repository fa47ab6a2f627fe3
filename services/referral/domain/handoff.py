"""Which state a handoff may move to.

Accepting, calling the next people and withdrawing are rivals: each is one guarded update on the
states allowed here, so whichever commits first wins and the other finds nothing to move.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from shared.transitions import sources_in


class HandoffState(StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    MET = "met"
    PERSON_AGREED = "person_agreed"
    PERSON_DECLINED = "person_declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_BEFORE_MEETING = frozenset(
    {HandoffState.ON_THE_WAY, HandoffState.ARRIVED, HandoffState.MET, HandoffState.WITHDRAWN}
)
_WAITING = frozenset(
    {
        HandoffState.OFFERED,
        HandoffState.ACCEPTED,
        HandoffState.EXPIRED,
        HandoffState.WITHDRAWN,
    }
)

# Steps may be left out: who hurries to somebody in need does not tap every button. Somebody may
# still accept when the ladder has ended. A person may change their mind either way.
NEXT: Mapping[HandoffState, frozenset[HandoffState]] = {
    HandoffState.REQUESTED: _WAITING,
    HandoffState.OFFERED: _WAITING,
    HandoffState.EXPIRED: frozenset({HandoffState.ACCEPTED, HandoffState.WITHDRAWN}),
    HandoffState.ACCEPTED: _BEFORE_MEETING,
    HandoffState.ON_THE_WAY: _BEFORE_MEETING - {HandoffState.ON_THE_WAY},
    HandoffState.ARRIVED: frozenset({HandoffState.MET, HandoffState.WITHDRAWN}),
    HandoffState.MET: frozenset({HandoffState.PERSON_AGREED, HandoffState.PERSON_DECLINED}),
    HandoffState.PERSON_AGREED: frozenset({HandoffState.PERSON_DECLINED}),
    HandoffState.PERSON_DECLINED: frozenset({HandoffState.PERSON_AGREED}),
    HandoffState.WITHDRAWN: frozenset(),
}
sources_of = sources_in(NEXT)

OPEN = frozenset({HandoffState.REQUESTED, HandoffState.OFFERED, HandoffState.EXPIRED})


# Whoever has several accepts as the first of these.
TEAM_ROLES = ("peer", "case_manager", "coordinator")


def team_role(roles: Collection[str]) -> str | None:
    """Return as what somebody with these roles takes a handoff; None if as nobody of the team."""
    return next((role for role in TEAM_ROLES if role in roles), None)
