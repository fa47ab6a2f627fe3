"""Chance that comes out the same for the same seed, ids included."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

VERSION_7 = 0x7 << 76
VARIANT = 0b10 << 62


class Dice(Random):
    """A seeded source of chance."""

    def happens(self, likely: float) -> bool:
        """Return True with this probability."""
        return self.random() < likely

    def span(self, least: timedelta, most: timedelta) -> timedelta:
        """Return some time between *least* and *most*, in whole seconds."""
        return timedelta(
            seconds=self.randint(int(least.total_seconds()), int(most.total_seconds()))
        )

    def days(self, least: float, most: float) -> timedelta:
        return self.span(timedelta(days=least), timedelta(days=most))

    def minutes(self, least: float, most: float) -> timedelta:
        return self.span(timedelta(minutes=least), timedelta(minutes=most))

    def id(self, at: datetime) -> UUID:
        """Return an id as it would be made at this moment (RFC 9562, version 7)."""
        milliseconds = int(at.timestamp() * 1000)
        chance = self.getrandbits(74)
        high, low = chance >> 62, chance & ((1 << 62) - 1)
        return UUID(int=milliseconds << 80 | VERSION_7 | high << 64 | VARIANT | low)
