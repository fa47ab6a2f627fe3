"""The worker of a service: everything it does besides answering HTTP requests.

Each part is a loop that outlives its failures; none depends on another's being up. Without a
broker the relay still numbers the journal, timers still fire and repair still handles events.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.session import Sessions
from shared.loops import keep_running, wait_for
from shared.messaging import tasks, timers, watchdog
from shared.messaging.broker import make_broker, wake_subject
from shared.messaging.consume import attach, pull_batch
from shared.messaging.dead_letters import replay_asked
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay, lag_seconds, waiting_events
from shared.messaging.repair import ReadJournal, Repair
from shared.messaging.subscriptions import Subscription, Subscriptions
from shared.messaging.timers import Fire
from shared.observability.metrics import METRICS

log = structlog.get_logger()

REPLAY_EVERY_SECONDS = 1.0
LAG_EVERY_SECONDS = 5.0
SWEEP_EVERY_SECONDS = 3600.0
CONSUMERS_MISSING_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Work:
    """What one service has its worker do."""

    subscriptions: Subscriptions
    journals: Mapping[str, ReadJournal] = field(default_factory=dict)
    timers: Mapping[str, Fire] = field(default_factory=dict)
    calls: Mapping[str, tasks.Call] = field(default_factory=dict)
    sweeps: tuple[Callable[[AsyncSession], Awaitable[int]], ...] = ()


class Worker:
    """Runs the work of one service until it is cancelled."""

    def __init__(self, work: Work, *, sessions: Sessions, nats_url: str) -> None:
        self._work = work
        self._service = work.subscriptions.service
        self._sessions = sessions
        self._broker = make_broker(nats_url, service=self._service, on_error=_log_nats_error)
        self._client: Client | None = None
        self._publisher = Publisher(lambda: self._client, self._service)
        self._relay = Relay(sessions.engine, self._publisher)
        self._task_added = asyncio.Event()
        self._subscribed = False
        self._repairs = {
            source: Repair(
                source,
                work.subscriptions.all,
                sessions=sessions,
                read_journal=work.journals[source],
            )
            for source in sorted(work.subscriptions.sources)
        }
        self._watchdog = watchdog.Watchdog(
            lambda: self._client,
            self._publisher,
            work.subscriptions.all,
            on_lost=lambda source: self._repairs[source].woken.set(),
        )
        for each in work.subscriptions.all:
            if each.at_most == 1:
                attach(self._broker, each, sessions, service=self._service)
        sessions.on("events", self._relay.woken.set)
        sessions.on("tasks", self._task_added.set)

    @property
    def connected(self) -> bool:
        """Whether the broker is there and every subscription is being delivered."""
        return self._publisher.ready and self._subscribed

    def wake(self) -> None:
        """Look at the outbox and the tasks at once instead of at the next poll."""
        self._relay.woken.set()
        self._task_added.set()

    async def run(self) -> None:
        """Run every loop until cancelled, then leave the broker in good order."""
        loops: dict[str, Callable[[], Awaitable[None]]] = {
            "relay": self._relay.run,
            "broker": self._connect_and_subscribe,
            "timers": self._fire_timers,
            "replays": self._replay,
            "lag": self._measure_lag,
            "sweeps": self._sweep,
        }
        if self._work.calls:
            loops["tasks"] = self._do_tasks
        for source, repair in self._repairs.items():
            loops[f"repair {source}"] = repair.step
        try:
            async with asyncio.TaskGroup() as group:
                for name, step in loops.items():
                    group.create_task(keep_running(name, step), name=name)
        finally:
            with suppress(Exception):
                await self._broker.stop()

    async def _connect_and_subscribe(self) -> None:
        """Connect, subscribe, and from then on have the watchdog look after it all."""
        self._client = await self._broker.connect()
        if not await self._watchdog.check():
            await asyncio.sleep(CONSUMERS_MISSING_SECONDS)
            return
        await self._client.subscribe(wake_subject(self._service), cb=self._on_wake)
        await self._broker.start()
        self._subscribed = True
        log.info("subscribed", count=len(self._work.subscriptions.all))
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_running("watchdog", self._watch))
            for each in self._work.subscriptions.all:
                if each.at_most > 1:
                    pull = _pull(self._client, each, self._sessions)
                    group.create_task(keep_running(each.durable, pull))

    async def _watch(self) -> None:
        self._subscribed = await self._watchdog.check()
        await asyncio.sleep(watchdog.EVERY_SECONDS)

    async def _on_wake(self, _: Msg) -> None:
        self.wake()

    async def _fire_timers(self) -> None:
        fired = await timers.fire_due(self._sessions, self._work.timers, service=self._service)
        if fired < timers.AT_MOST:
            await asyncio.sleep(timers.EVERY_SECONDS)

    async def _do_tasks(self) -> None:
        if not await tasks.do_next(self._sessions, self._work.calls, service=self._service):
            await wait_for(self._task_added, at_most=tasks.EVERY_SECONDS)

    async def _replay(self) -> None:
        await replay_asked(self._sessions, self._work.subscriptions.all)
        await asyncio.sleep(REPLAY_EVERY_SECONDS)

    async def _sweep(self) -> None:
        for sweep in self._work.sweeps:
            async with self._sessions.begin() as session:
                await sweep(session)
        await asyncio.sleep(SWEEP_EVERY_SECONDS)

    async def _measure_lag(self) -> None:
        METRICS.relay_lag.set(await lag_seconds(self._sessions.engine))
        METRICS.outbox_depth.set(await waiting_events(self._sessions.engine))
        await asyncio.sleep(LAG_EVERY_SECONDS)


def _pull(
    client: Client, subscription: Subscription, sessions: Sessions
) -> Callable[[], Awaitable[None]]:
    async def step() -> None:
        await pull_batch(client, subscription, sessions)

    return step


async def _log_nats_error(error: Exception) -> None:
    # The client's own words: subjects and addresses, never a message's content.
    log.warning("nats_error", error_type=type(error).__name__, reason=str(error))
