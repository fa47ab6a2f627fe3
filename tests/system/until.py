"""Waiting for a condition instead of for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.02


async def until(
    condition: Callable[[], Awaitable[T]], *, within: float = 30.0, what: str = "it"
) -> T:
    """Return the first true result of *condition*; fail if there is none in time."""
    deadline = time.monotonic() + within
    while True:
        found = await condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within} s; last: {found!r}")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


def until_sync(condition: Callable[[], T], *, within: float = 30.0, what: str = "it") -> T:
    """Return the first true result of *condition*, in code that is not asynchronous."""
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within} s; last: {found!r}")
        time.sleep(LOOK_AGAIN_SECONDS)
