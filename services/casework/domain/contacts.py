"""What a contact may say: which outcome goes with an attempt, and which with somebody reached."""

from collections.abc import Mapping
from enum import StrEnum


class ContactKind(StrEnum):
    ATTEMPTED = "attempted"
    MADE = "made"


OUTCOMES: Mapping[ContactKind, frozenset[str]] = {
    ContactKind.ATTEMPTED: frozenset(
        {
            *("not_found", "message_left", "wrong_number", "no_answer"),
            *("jailed", "hospital", "deceased"),
        }
    ),
    ContactKind.MADE: frozenset({"reached", "declined", "rescheduled", "jailed", "hospital"}),
}


def fits(kind: ContactKind, outcome_code: str) -> bool:
    """Return whether a contact of this kind can have this outcome."""
    return outcome_code in OUTCOMES[kind]
