"""How long the policy takes to decide: a question it has not met before, and one that it has."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.identity.staff import ACCOUNTS
from shared.policy.actor import Caller
from shared.policy.engine import Policy
from shared.policy.resource import Resource
from tests.unit.policy.rows import ALLOWED, ATTRS, DENIED, KINDS

ROUNDS = 20
ALDER = "alder-county"


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return microseconds by percentile, over every row of the policies' own table."""
    del folder, seconds
    new: list[float] = []
    known: list[float] = []
    for _ in range(ROUNDS):
        policy = Policy.load()
        for taken in (new, known):
            taken += [_decide(policy, *row) for row in (*ALLOWED, *DENIED)]
    found = {"a new question, µs": _spread(new), "one met before, µs": _spread(known)}
    say(f"{len(new)} decisions each: {found}")
    return found


def _decide(policy: Policy, who: str, action: str, purpose: Any, service: str) -> float:
    caller = Caller(ACCOUNTS[who].actor, purpose, "bench")
    resource = Resource(KINDS[action], "1", ALDER, ATTRS.get(action, {}))
    began = time.perf_counter()
    policy.decide(caller, action, resource, service=service)
    return (time.perf_counter() - began) * 1e6


def _spread(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    at = {name: ordered[int(len(ordered) * share)] for name, share in SHARES.items()}
    return {name: round(value, 1) for name, value in at.items()}


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
