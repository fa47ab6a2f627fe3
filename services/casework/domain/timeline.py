"""What one line of a timeline is, and who may read which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline: one event. *detail* holds codes only."""

    id: UUID
    source_kind: str
    source_id: UUID
    programme_id: str
    referral_id: UUID
    kind: str
    happened_at: datetime
    version: int
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """The roles that read a kind of line, and why nobody else does."""

    roles: frozenset[str]
    because: str


CASE_MANAGERS = frozenset({"coordinator", "case_manager"})

# A kind that is not listed is read by all care staff: it is their daily work.
AUDIENCES: Mapping[str, Audience] = {
    "referral_eligibility_decided": Audience(
        CASE_MANAGERS,
        "It speaks of offences and charges; a peer meets the person without that before them.",
    ),
    "disclosure_made": Audience(
        CASE_MANAGERS,
        "What was told to an officer is accounted for by who answers for it (42 CFR 2.25).",
    ),
}


def hidden_from(roles: Collection[str]) -> frozenset[str]:
    """Return the kinds of line that none of *roles* lets somebody read."""
    return frozenset(
        kind for kind, audience in AUDIENCES.items() if audience.roles.isdisjoint(roles)
    )
