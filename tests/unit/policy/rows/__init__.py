"""The table of decisions, a module per part: KINDS, ALLOWED, DENIED and, where needed, ATTRS.

A row: who, action, purpose, the service that is asked.
"""

from importlib import import_module
from pkgutil import iter_modules

from shared.policy.actor import Purpose

Row = tuple[str, str, Purpose, str]

PARTS = [import_module(each.name) for each in iter_modules(__path__, f"{__name__}.")]
KINDS: dict[str, str] = {action: kind for part in PARTS for action, kind in part.KINDS.items()}
ALLOWED: list[Row] = [row for part in PARTS for row in part.ALLOWED]
DENIED: list[Row] = [row for part in PARTS for row in part.DENIED]
# What belongs to a person's record, seen by somebody on their care team.
RECORDS = frozenset(
    {"Intake", "Participant", "Episode", "Goal", "Need", "Followup", "Consent", "MatchCandidate"}
)
BY_THE_CARE_TEAM = {"standing": "care_team", "restricted": "no", "emergency": "no"}
ATTRS: dict[str, dict[str, str]] = {
    action: BY_THE_CARE_TEAM for action, kind in KINDS.items() if kind in RECORDS
} | {action: attrs for part in PARTS for action, attrs in getattr(part, "ATTRS", {}).items()}
