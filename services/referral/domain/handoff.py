"""Which state a handoff may move to.

Accepting and escalating are rivals: each is one guarded update on the states allowed here, so
whichever commits first wins and the other finds nothing to move.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class HandoffState(StrEnum):
    REQUESTED = "requested"
    ESCALATED = "escalated"
    ACCEPTED = "accepted"


NEXT: Mapping[HandoffState, frozenset[HandoffState]] = {
    HandoffState.REQUESTED: frozenset({HandoffState.ESCALATED, HandoffState.ACCEPTED}),
    HandoffState.ESCALATED: frozenset({HandoffState.ACCEPTED}),
    HandoffState.ACCEPTED: frozenset(),
}

# A warm handoff happens while the officer is still there; LEAD aims at half an hour in all
# (leadbureau.org toolkit, "warm handoff"), so half of that may pass before others are called.
ACKNOWLEDGE_WITHIN = timedelta(minutes=15)


def sources_of(state: HandoffState) -> frozenset[HandoffState]:
    """Return the states from which a handoff may move to *state*."""
    return frozenset(source for source, targets in NEXT.items() if state in targets)
