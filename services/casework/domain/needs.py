"""Which state a need may move to. "Not connected" is never the end: places become free."""

from collections.abc import Mapping
from enum import StrEnum

from shared.transitions import sources_in


class NeedState(StrEnum):
    IDENTIFIED = "identified"
    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"


NEXT: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.IDENTIFIED: frozenset({NeedState.CONNECTED, NeedState.NOT_CONNECTED}),
    NeedState.NOT_CONNECTED: frozenset({NeedState.CONNECTED}),
    NeedState.CONNECTED: frozenset(),
}
sources_of = sources_in(NEXT)
