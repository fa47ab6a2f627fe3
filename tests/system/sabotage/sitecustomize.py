"""Loaded by Python at start when its folder is on PYTHONPATH: takes some events for handled.

Only the test of the fault test does that: with events lost like this, that test has to fail.
"""

from collections.abc import Sequence
from typing import Any

from shared.messaging import inbox

ONE_IN = 5


def is_lost(event: Any) -> bool:
    lost: bool = event.aggregate_id.int % ONE_IN == 0
    return lost


async def claim_most(_: Any, *, consumer: str, events: Sequence[Any]) -> list[Any]:
    del consumer
    return [event for event in events if not is_lost(event)]


async def claim_unless_lost(_: Any, *, consumer: str, event: Any) -> bool:
    del consumer
    return not is_lost(event)


vars(inbox).update(claim_all=claim_most, claim=claim_unless_lost)
