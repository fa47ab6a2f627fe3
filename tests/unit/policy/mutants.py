"""Small faults in the policies, one at a time: what a slip of the editor could leave behind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.policy.actor import Purpose

POLICY = re.compile(r'@id\("(?P<id>\w+)"\)\n(?:permit|forbid)\b.*?;\n', re.DOTALL)
ONE_OF = re.compile(r"\[[^\[\]]*\]")
NAMED = re.compile(r'(?:Action|Role|Function)::"\w+"')
PURPOSE = re.compile(r'Purpose::"(\w+)"')
# What is said otherwise: an operator by its opposite.
OTHERWISE = {"&&": "||", "||": "&&", "==": "!=", "!=": "=="}
OPERATOR = re.compile("|".join(re.escape(each) for each in OTHERWISE))


@dataclass(frozen=True, slots=True)
class Mutant:
    """All policies, with one fault in one of them."""

    name: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield each fault; those that the schema refuses are no policies and can never be loaded."""
    for policy in POLICY.finditer(text):
        start, end = policy.span()
        for what, changed in _changed(policy[0]):
            yield Mutant(f"{policy['id']}: {what}", text[:start] + changed + text[end:])


def _changed(policy: str) -> Iterator[tuple[str, str]]:
    yield "left out", ""
    for several in ONE_OF.finditer(policy):
        named = NAMED.findall(several[0])
        for each in named if len(named) > 1 else ():
            rest = ", ".join(name for name in named if name != each)
            yield f"without {each}", _put(policy, several, f"[{rest}]")
    body = re.search(r"\n(?:when|unless) \{", policy)
    for found in OPERATOR.finditer(policy, body.start() if body else len(policy)):
        yield (
            f"{found[0]} said otherwise at {found.start()}",
            _put(policy, found, OTHERWISE[found[0]]),
        )
    for found in PURPOSE.finditer(policy):
        other = next(each.value for each in Purpose if each.value != found[1])
        yield f"for {other}, not {found[1]}", _put(policy, found, f'Purpose::"{other}"')
    for found in re.finditer(r"\b(when|unless) \{", policy):
        opposite = {"when": "unless", "unless": "when"}[found[1]]
        yield f"{opposite} at {found.start()}", _put(policy, found, f"{opposite} {{")


def _put(text: str, found: re.Match[str], instead: str) -> str:
    return text[: found.start()] + instead + text[found.end() :]
