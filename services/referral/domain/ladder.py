"""Whom a programme asks to take a handoff: rung after rung, each for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """Everybody on duty in one role is asked, and has this long to accept."""

    role_code: str
    wait: timedelta


# A warm handoff happens while the officer is still there; LEAD aims at half an hour in all
# (leadbureau.org toolkit, "warm handoff"): the first two rungs leave ten minutes for the last.
DEFAULT_LADDER: tuple[Rung, ...] = (
    Rung("peer", timedelta(minutes=10)),
    Rung("case_manager", timedelta(minutes=10)),
    Rung("coordinator", timedelta(minutes=15)),
)
FIRST = 1


@dataclass(frozen=True, slots=True)
class Roster:
    """Whom a programme can ask at this moment: its ladder, and who is on duty in each role."""

    ladder: Sequence[Rung]
    on_duty: Mapping[str, Sequence[str]]

    def rung_from(self, begin: int) -> int | None:
        """Return the rung to ask from *begin* on (see `first_with_somebody`)."""
        present = [bool(self.people(rung)) for rung in self.ladder]
        return first_with_somebody(self.ladder, present, begin=begin)

    def people(self, rung: Rung) -> Sequence[str]:
        return self.on_duty.get(rung.role_code, ())


def rung_at(ladder: Sequence[Rung], number: int) -> Rung | None:
    """Return the rung with this number, counted from one; None beyond the last."""
    return ladder[number - FIRST] if FIRST <= number <= len(ladder) else None


def first_with_somebody(
    ladder: Sequence[Rung], on_duty: Sequence[bool], *, begin: int
) -> int | None:
    """Return the first rung from *begin* with somebody on duty, or *begin* if none has any.

    With nobody on duty at all the ladder is still walked in its time: staff without a shift may
    see the notice. None if there is no rung *begin*.
    """
    if rung_at(ladder, begin) is None:
        return None
    numbers = range(begin, len(ladder) + FIRST)
    return next((number for number in numbers if on_duty[number - FIRST]), begin)
