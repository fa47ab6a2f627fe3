"""Which state a need may move to. "Not connected" is never the end: places become free."""

from collections.abc import Mapping
from enum import StrEnum


class NeedState(StrEnum):
    IDENTIFIED = "identified"
    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"


NEXT: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.IDENTIFIED: frozenset({NeedState.CONNECTED, NeedState.NOT_CONNECTED}),
    NeedState.NOT_CONNECTED: frozenset({NeedState.CONNECTED}),
    NeedState.CONNECTED: frozenset(),
}


def sources_of(state: NeedState) -> frozenset[NeedState]:
    """Return the states from which a need may move to *state*."""
    return frozenset(source for source, targets in NEXT.items() if state in targets)
