"""Under steady load every process is killed once, and the broker loses all it had once.

Then what clients were told is compared with what every service holds: nothing lost, nothing
doubled, and the timeline equal to its rebuild from the journal.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.system.checker import discrepancies, holdings
from tests.system.load import Load, Told
from tests.system.running_stack import RunningStack, running_stack
from tests.system.until import until

PER_SECOND = 20
STEADY_SECONDS = 1.5
SETTLES_WITHIN_SECONDS = 150
PARTS = ("casework", "referral", "notify", "nats", "identity", "postgres")
SOAK_FAULTS = 20
SABOTAGE = Path(__file__).parent / "sabotage"


async def kill(stack: RunningStack, name: str) -> None:
    killed = stack.kill(name)
    await asyncio.to_thread(stack.await_restart, name, killed=killed)


async def wipe_broker(stack: RunningStack) -> None:
    """Delete the whole JetStream directory under the running server, and pull its plug."""
    shutil.rmtree(stack.plan.folder.nats / "jetstream")
    await kill(stack, "nats")


async def under_load(stack: RunningStack, *faults: Callable[[], Awaitable[None]]) -> Told:
    """Let clients work while *faults* happen one after the other, and a while around each."""
    load = Load(stack, per_second=PER_SECOND)
    working = asyncio.create_task(load.run())
    for fault in faults:
        await asyncio.sleep(STEADY_SECONDS)  # the load itself: what happens between two faults
        await fault()
    await asyncio.sleep(STEADY_SECONDS)
    load.stop()
    return await working


async def settled(stack: RunningStack, told: Told) -> list[str]:
    """Return what still differs when all has come to rest."""

    async def nothing_differs() -> bool:
        return not discrepancies(told, await holdings(stack))

    with suppress(AssertionError):
        await until(nothing_differs, within=SETTLES_WITHIN_SECONDS)
    return discrepancies(told, await holdings(stack))


@pytest.mark.timeout(420)
async def test_nothing_is_lost_or_doubled_whichever_plug_is_pulled(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        told = await under_load(
            stack,
            *(partial(kill, stack, name) for name in ("casework", "referral", "notify", "nats")),
            partial(wipe_broker, stack),
            *(partial(kill, stack, name) for name in ("identity", "postgres")),
        )
        assert await settled(stack, told) == [], stack.log()

    assert len(told.sent) > PER_SECOND * STEADY_SECONDS * 7
    assert told.interrupted, "no client noticed any fault: the test was too gentle"
    assert len(told.accepted) > len(told.sent) / 3


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(20))
async def test_nothing_is_lost_or_doubled_in_a_long_run_of_faults(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - a schedule of faults, not a secret
    with running_stack(tmp_path) as stack:
        faults = [
            partial(wipe_broker, stack) if name == "wipe" else partial(kill, stack, name)
            for name in chance.choices((*PARTS, "wipe"), k=SOAK_FAULTS)
        ]
        told = await under_load(stack, *faults)
        assert await settled(stack, told) == [], stack.log()


@pytest.mark.timeout(240)
async def test_the_checker_sees_it_when_the_inbox_claim_is_removed(tmp_path: Path) -> None:
    """A test of the test: without the claim an effect is tried twice, and that stays visible.

    The tables' own keys refuse the second effect, for ever; so the list never becomes empty.
    """
    with running_stack(tmp_path, environment={"PYTHONPATH": str(SABOTAGE)}) as stack:
        told = await under_load(stack, lambda: kill(stack, "casework"))

        async def doubled() -> bool:
            found = discrepancies(told, await holdings(stack))
            return any("casework-intake gave up: IntegrityError" in each for each in found)

        await until(doubled, within=SETTLES_WITHIN_SECONDS, what="an effect tried twice")
