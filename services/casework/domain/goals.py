"""Which state a goal may move to. What ended stays ended: who wants it after all sets a new one."""

from collections.abc import Mapping
from enum import StrEnum


class GoalState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


NEXT: Mapping[GoalState, frozenset[GoalState]] = {
    GoalState.OPEN: frozenset({GoalState.REACHED, GoalState.DROPPED}),
    GoalState.REACHED: frozenset(),
    GoalState.DROPPED: frozenset(),
}


def sources_of(state: GoalState) -> frozenset[GoalState]:
    """Return the states from which a goal may move to *state*."""
    return frozenset(source for source, targets in NEXT.items() if state in targets)
