"""What is going to happen, soonest first; what happens may add to it."""

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

Act = Callable[[datetime], None]


class Agenda:
    """Moments and what happens at each; of the same moment, in the order in which it was added."""

    def __init__(self) -> None:
        self._ahead: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def at(self, moment: datetime, act: Act) -> None:
        heappush(self._ahead, (moment, next(self._numbers), act))

    def run(self, *, until: datetime) -> None:
        """Let everything happen up to *until*; the rest is still ahead then."""
        while self._ahead and self._ahead[0][0] <= until:
            moment, _, act = heappop(self._ahead)
            act(moment)
