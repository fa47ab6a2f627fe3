"""Loops that outlive their failures: one mechanism for everything that runs for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from shared.observability.logs import place
from shared.observability.metrics import METRICS

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


def growing_pause(attempts: int, *, longest: float) -> float:
    """Return how many seconds to wait after the *attempts*-th failure: 1, 2, 4 ... *longest*."""
    return min(2.0 ** min(attempts - 1, 30), longest)


async def keep_running(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Call *step* for ever; a step that raises is logged, counted and tried again later.

    The step itself waits for its next occasion, so that a wake-up is never missed here.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            await step()
            pause = FIRST_PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 - a loop must outlive whatever its step raises
            METRICS.loop_failures.labels(name).inc()
            log.warning(
                "loop_failed", loop=name, error_type=type(error).__name__, place=place(error)
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def wait_for(occasion: asyncio.Event, *, at_most: float) -> None:
    """Return when *occasion* is set or *at_most* seconds have passed; clear it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most):
            await occasion.wait()
    occasion.clear()
