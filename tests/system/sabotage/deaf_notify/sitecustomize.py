"""Loaded by Python at start when its folder is on PYTHONPATH: notify hears of everything too late.

Only the test of the demo does that: a story that does not come true has to say where it stopped.
"""

from collections.abc import Sequence
from typing import Any

from shared.messaging import inbox


async def claim_none(_: Any, *, consumer: str, events: Sequence[Any]) -> list[Any]:
    return [] if consumer.startswith("notify-") else list(events)


async def claim_nothing(_: Any, *, consumer: str, event: Any) -> bool:
    del event
    return not consumer.startswith("notify-")


vars(inbox).update(claim_all=claim_none, claim=claim_nothing)
