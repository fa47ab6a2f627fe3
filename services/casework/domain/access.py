"""How somebody stands to a person, as far as it decides whether they reach the record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# As long as it takes to act in an emergency, and no longer.
EMERGENCY_LASTS = timedelta(minutes=15)

SUPERVISOR = "coordinator"


class Standing(StrEnum):
    """The nearest that somebody stands to a person."""

    NAMED = "named"  # the record is restricted, and for them
    CARE_TEAM = "care_team"
    ARRIVING = "arriving"  # nobody has taken the person on yet
    NONE = "none"


class Review(StrEnum):
    """How the privacy officer judged an access in an emergency."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True)
class Access:
    """How somebody stands to a record: what the policy asks of it."""

    standing: Standing
    restricted: bool
    emergency: bool

    def attrs(self) -> dict[str, str]:
        """Return it as the policy's schema has it."""
        return {
            "standing": self.standing,
            "restricted": "yes" if self.restricted else "no",
            "emergency": "yes" if self.emergency else "no",
        }


def supervises(roles: Collection[str]) -> bool:
    """Say whether these roles make somebody the supervisor of every care team."""
    return SUPERVISOR in roles


def nearest(*, named: bool, in_care_team: bool, taken_on: bool) -> Standing:
    """Return the nearest standing of those that hold."""
    if named:
        return Standing.NAMED
    if in_care_team:
        return Standing.CARE_TEAM
    return Standing.NONE if taken_on else Standing.ARRIVING
