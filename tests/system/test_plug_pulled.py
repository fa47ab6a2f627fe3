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
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.system.checker import QUERIES, discrepancies, holdings
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
    """Take the whole JetStream directory from under the running server, and pull its plug."""
    # Moved at once: while it is deleted file by file, the server would go on making new ones.
    taken = stack.plan.folder.nats / "jetstream"
    gone = taken.rename(taken.with_name("taken-away"))
    await kill(stack, "nats")
    shutil.rmtree(gone)


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
async def test_the_checker_sees_it_when_events_are_lost(tmp_path: Path) -> None:
    """A test of the test: some events are taken for handled that nobody handled."""
    with running_stack(tmp_path, environment={"PYTHONPATH": str(SABOTAGE)}) as stack:
        told = await under_load(stack, lambda: kill(stack, "casework"))

        async def only_the_lost_are_missing() -> bool:
            found = discrepancies(told, await holdings(stack))
            return any("referrals have no intake" in each for each in found)

        await until(only_the_lost_are_missing, within=SETTLES_WITHIN_SECONDS, what="a loss")
        found = discrepancies(told, await holdings(stack))
        assert any("referrals have no notice" in each for each in found)
        assert any("the timeline" in each for each in found)


async def test_the_checker_sees_it_when_an_effect_is_doubled() -> None:
    """A test of the test: the tables' own keys refuse it, so it is planted where it is counted."""
    referral_id = uuid7()
    told = Told(sent={referral_id: "officer-hemlock"})
    row = {"referral_id": referral_id, "state": "ready", "kind": "referral_arrived"}
    nothing: dict[str, list[dict[str, Any]]] = {name: [] for name in QUERIES}
    held = nothing | {"intake": [row, row], "notice": [row, row]}

    found = discrepancies(told, held)

    assert sum("have more than one" in each for each in found) == 2
