"""How a service's process hangs together."""

import asyncio
import signal

from shared.service import _end_process
from tests.system.until import until


async def test_a_worker_that_ends_by_itself_ends_its_process() -> None:
    """Otherwise a service would go on answering while nothing of its work is done."""
    told: list[int] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.append, signal.SIGTERM)

    async def break_down() -> None:
        raise OSError

    async def told_once() -> bool:
        return told == [signal.SIGTERM]

    try:
        asyncio.create_task(break_down()).add_done_callback(_end_process)
        await until(told_once)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def test_a_worker_that_is_told_to_stop_ends_nothing_else() -> None:
    working = asyncio.create_task(asyncio.Event().wait())
    told: list[int] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.append, signal.SIGTERM)
    try:
        working.add_done_callback(_end_process)  # type: ignore[arg-type]  # it returns nothing that matters
        await asyncio.sleep(0)
        working.cancel()
        await asyncio.wait([working])
        await asyncio.sleep(0)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)

    assert told == []
