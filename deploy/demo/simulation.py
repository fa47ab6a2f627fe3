"""Who is referred in a simulated quarter, and how it goes with each: the same for the same seed.

Every person is made up. Chances are guesses that make a believable table, not findings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

PEOPLE = 66
WEEKS = 12
TREES = (
    "Alder",
    "Cedar",
    "Cypress",
    "Elm",
    "Fir",
    "Hazel",
    "Linden",
    "Maple",
    "Oak",
    "Pine",
    "Yew",
)

# Each stage is reached only by those who reached the one that is named beside it.
CHANCES: Mapping[str, tuple[str | None, float]] = {
    "accepted": (None, 0.8),
    "met": ("accepted", 0.9),
    "agreed": ("met", 0.85),
    "still_in_touch": ("agreed", 0.6),
    "connected": ("agreed", 0.6),
    "completed": ("agreed", 0.15),
    "returns": ("agreed", 0.1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """One made-up person, the week of their referral, and the stages they reach."""

    name: str
    date_of_birth: str
    week: int
    reaches: frozenset[str]


def people(seed: int) -> Iterator[Simulated]:
    """Yield everybody, week by week."""
    chance = Random(seed)  # noqa: S311 - a made-up quarter, not a secret
    for number in range(PEOPLE):
        first, second = chance.sample(TREES, 2)
        born = f"{chance.randint(1950, 2004)}-{chance.randint(1, 12):02}-15"
        yield Simulated(
            name=f"Test Participant {first} {second}",
            date_of_birth=born,
            week=number * WEEKS // PEOPLE,
            reaches=_stages(chance),
        )


def _stages(chance: Random) -> frozenset[str]:
    reached: set[str | None] = {None}
    for stage, (after, likely) in CHANCES.items():
        happens = chance.random() < likely
        if happens and after in reached:
            reached.add(stage)
    return frozenset(each for each in reached if each)
