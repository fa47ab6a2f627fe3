"""From the commit of a request to its line in the other service, as the database stamps both.

Two loads of as many commits a second: *steps* of live handoffs, each of which tells one event and
needs nothing but its line; and *referrals*, each of which tells four events, for each of which
casework opens an intake, asks referral who it is about and looks for somebody alike, and notify
tells the team.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Self
from uuid import UUID

import asyncpg
import httpx
from uuid_utils.compat import uuid7

from tests.system.running_stack import RunningStack
from tests.system.until import until

OFFICER, PEER = "officer-hemlock", "peer-willow"
REFERRAL = {"pathway": "officer_referral", "need": "not_sure"}
STEPS = {"departure": PEER, "arrival": PEER, "meeting": PEER, "officer-release": OFFICER}
AT_ONCE = 8

LINES = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(line.xmin)
                        - pg_xact_commit_timestamp(audit.xmin)) * 1000 AS ms
FROM referral.audit_entry AS audit
    JOIN referral.journal ON body ->> 'requestid' = audit.request_id
    LEFT JOIN casework.timeline_entry AS line ON line.id = journal.event_id
WHERE audit.at > $1 AND audit.action IN ('create_referral', 'progress_handoff', 'release_officer')
"""
BUSY = """
SELECT (SELECT count(*) FROM casework.task) + (SELECT count(*) FROM referral.outbox)
    + (SELECT position - published FROM referral.relay_state)
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the middle and the slowest hundredth of *count* measurements."""

    count: int
    p50: float
    p99: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        ordered = sorted(values)
        at = {share: round(ordered[int(len(ordered) * share)], 1) for share in (0.5, 0.99)}
        return cls(len(ordered), at[0.5], at[0.99])


async def stamp_commits(stack: RunningStack) -> None:
    """Have the server keep commit times; that takes a restart, which the stack does by itself."""
    connection = await asyncpg.connect(stack.admin_database_url)
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()
    killed = stack.kill("postgres")
    await asyncio.to_thread(stack.await_restart, "postgres", killed=killed)


async def measure(
    stack: RunningStack, *, per_second: float, seconds: float
) -> tuple[Spread, Spread, Spread]:
    """Return the latency of steps, that of referrals, and of bare transactions beside the steps."""
    async with _Asking(stack) as asking:
        many = int(per_second * seconds)
        handoffs = await asking.accepted(many // len(STEPS) + 1)
        await asking.quiet()
        began = datetime.now(UTC)
        steps = (asking.step(each, what) for what in STEPS for each in handoffs)
        bare = asyncio.create_task(asking.bare(seconds=seconds))
        await _steadily(islice(steps, many), per_second=per_second)
        of_steps = await asking.lines_since(began)
        began = datetime.now(UTC)
        referrals = (asking.refer(uuid7()) for _ in range(many))
        await _steadily(referrals, per_second=per_second)
        return of_steps, await asking.lines_since(began), await bare


async def _steadily(acts: Iterator[Awaitable[None]], *, per_second: float) -> None:
    """Begin so many *acts* a second, however long each takes."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number, act in enumerate(acts):
            await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
            group.create_task(_done(act))


async def _done(act: Awaitable[None]) -> None:
    await act


class _Asking:
    """Somebody who asks the running stack, and looks at its database."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._tokens = {name: stack.token(name) for name in (OFFICER, PEER)}
        self._http = httpx.AsyncClient(base_url=stack.url("referral"), timeout=30)

    async def __aenter__(self) -> Self:
        self._database = await asyncpg.connect(self._stack.admin_database_url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()
        await self._database.close()

    async def refer(self, referral_id: UUID) -> None:
        await self._put(f"/referrals/{referral_id}", OFFICER, REFERRAL)

    async def step(self, referral_id: UUID, what: str) -> None:
        await self._put(f"/referrals/{referral_id}/{what}", STEPS[what])

    async def accepted(self, many: int) -> list[UUID]:
        """Return so many referrals that the peer has accepted."""
        ids = [uuid7() for _ in range(many)]
        turns = asyncio.Semaphore(AT_ONCE)

        async def make(referral_id: UUID) -> None:
            async with turns:
                await self.refer(referral_id)
                await self._put(f"/referrals/{referral_id}/acceptance", PEER)

        await asyncio.gather(*(make(each) for each in ids))
        return ids

    async def quiet(self) -> None:
        """Wait until nothing of what was asked for is still to be done."""

        async def is_quiet() -> bool:
            return bool(await self._database.fetchval(BUSY) == 0)

        await until(is_quiet, within=120, what="the end of what was begun")

    async def lines_since(self, began: datetime) -> Spread:
        """Return how long the lines took of what was asked for since; each has to be there."""
        await self.quiet()
        found: list[float | None] = []

        async def complete() -> bool:
            nonlocal found
            found = [row["ms"] for row in await self._database.fetch(LINES, began)]
            return bool(found) and None not in found

        await until(complete, within=60, what="the last line")
        return Spread.of([float(each) for each in found if each is not None])

    async def bare(self, *, seconds: float) -> Spread:
        """Time one-row inserts by one statement each, while the load runs: the ceiling."""
        connection = await asyncpg.connect(self._stack.admin_database_url)
        taken: list[float] = []
        await connection.execute("CREATE TABLE public.bench (n int)")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            began = time.perf_counter()
            await connection.execute("INSERT INTO public.bench VALUES (1)")
            taken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.05)
        await connection.execute("DROP TABLE public.bench")
        await connection.close()
        return Spread.of(taken)

    async def _put(self, path: str, who: str, body: dict[str, str] | None = None) -> None:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        answer = await self._http.put(path, json=body, headers=headers)
        answer.raise_for_status()
