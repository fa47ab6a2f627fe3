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
ATTRS: dict[str, dict[str, str]] = {
    action: attrs for part in PARTS for action, attrs in getattr(part, "ATTRS", {}).items()
}
