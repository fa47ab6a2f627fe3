"""Which state a goal may move to. What ended stays ended: who wants it after all sets a new one."""

from collections.abc import Mapping
from enum import StrEnum

from shared.transitions import sources_in


class GoalState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


NEXT: Mapping[GoalState, frozenset[GoalState]] = {
    GoalState.OPEN: frozenset({GoalState.REACHED, GoalState.DROPPED}),
    GoalState.REACHED: frozenset(),
    GoalState.DROPPED: frozenset(),
}
sources_of = sources_in(NEXT)
