"""Loaded by Python at start when its folder is on PYTHONPATH: removes the inbox claim.

Only the test of the fault test does that: without the claim, that test has to fail.
"""

from collections.abc import Sequence
from typing import Any

from shared.messaging import inbox


async def claim_everything(_: Any, *, consumer: str, events: Sequence[Any]) -> list[Any]:
    del consumer
    return list(events)


async def claim_anything(_: Any, *, consumer: str, event: Any) -> bool:
    del consumer, event
    return True


vars(inbox).update(claim_all=claim_everything, claim=claim_anything)
