"""Tables of states, each saying where a thing may go next, read the other way round.

A guarded update moves what stands in one of the sources of a state and nothing else, so of rivals
one wins.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

S = TypeVar("S", bound=Hashable)


def sources_in(table: Mapping[S, frozenset[S]]) -> Callable[[S], frozenset[S]]:
    """Return a function that says from which states a thing may move to one."""

    def sources_of(state: S) -> frozenset[S]:
        return frozenset(source for source, targets in table.items() if state in targets)

    return sources_of
