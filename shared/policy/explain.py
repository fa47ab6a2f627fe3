"""What the policies say, for people who read: which rule lets whom do what, in its own sentence.

It decides nothing. A rule's sentence is the comment above it; whom it names is read off its
conditions, so a description never says anything that the policy does not.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cedarpy import policies_to_json_str

from shared.policy.engine import RULES

COMMENTED_ID = re.compile(r'((?://[^\n]*\n)+)@id\("([a-z0-9_]+)"\)')


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy that permits: its `@id`, its sentence, and what its conditions name."""

    id: str
    says: str
    actions: frozenset[str]
    functions: frozenset[str]
    roles: frozenset[str]
    purposes: frozenset[str]


@cache
def permitting_rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """Return every policy that permits something, in the order of their files."""
    return tuple(rule for file in sorted(folder.glob("*.cedar")) for rule in _rules(file))


def rules_for(*actions: str) -> Sequence[Rule]:
    """Return the rules that let somebody do one of *actions*."""
    return [rule for rule in permitting_rules() if not rule.actions.isdisjoint(actions)]


def _rules(file: Path) -> Iterator[Rule]:
    text = file.read_text("utf-8")
    says = {name: _sentence(comment) for comment, name in COMMENTED_ID.findall(text)}
    for policy in json.loads(policies_to_json_str(text))["staticPolicies"].values():
        if policy["effect"] == "permit":
            name = policy["annotations"]["id"]
            yield Rule(
                id=name,
                says=says[name],
                actions=_named("Action", policy["action"]),
                functions=_named("Function", policy["conditions"]),
                roles=_named("Role", policy["conditions"]),
                purposes=_named("Purpose", policy["conditions"]),
            )


def _sentence(comment: str) -> str:
    return " ".join(line.removeprefix("//").strip() for line in comment.splitlines())


def _named(kind: str, within: Any) -> frozenset[str]:  # noqa: ANN401 - Cedar's JSON form
    """Return the ids of all entities of one kind that a part of a policy mentions."""
    return frozenset(_entities(kind, within))


def _entities(kind: str, within: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    match within:
        case {"type": str(found), "id": str(name)}:
            if found == kind:
                yield name
        case dict():
            yield from (name for each in within.values() for name in _entities(kind, each))
        case list():
            yield from (name for each in within for name in _entities(kind, each))
