"""The whole stack on this machine: made ready step by step, kept running, stopped in good order.

Whatever was started is stopped when a later step fails, and a second start on the same data goes
on where the first one ended, however it ended.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy import nats_permissions
from deploy.embedded import state
from deploy.embedded.nats_server import NatsServer
from deploy.embedded.plan import IDENTITY, MAILBOX, SERVICES, Plan
from deploy.embedded.ports import LOOPBACK, check_free
from deploy.embedded.postgres import Postgres
from deploy.embedded.service import Service
from deploy.embedded.supervisor import WATCH_SECONDS, Part, Say, Supervisor
from shared import clock
from shared.db import migrate, roles

START_SECONDS = 60.0
NATS_UNWELL_SECONDS = 30.0
STAGE_SECONDS = (3.0, 0.5, 0.5)  # services, NATS, PostgreSQL; under five in all even when forced
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stack:
    """One stack on one plan; use it from the main thread."""

    def __init__(self, plan: Plan, *, say: Say) -> None:
        self.plan = plan
        self._say = say
        self._stopping = threading.Event()
        self._supervisor = Supervisor(say=say, changed=self._write_state)
        folder, ports = plan.folder, plan.ports
        self.postgres = Postgres(
            folder.postgres,
            port=ports.postgres,
            log=folder.log("postgres"),
            password_file=folder.postgres_password,
        )

    @property
    def parts(self) -> Sequence[Part]:
        return self._supervisor.parts

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def run(self, *, fresh: bool = False, ready: Callable[["Stack"], None]) -> None:
        """Start everything, call *ready*, and keep it all running until a signal says stop."""
        self.plan.folder.prepare()
        with self.plan.folder.locked(), self._stopped_by_signals():
            known = state.read(self.plan.folder.state)
            state.outwait(known.parts if known else ())
            check_free(self.plan.ports.named(only_servers=self.plan.only_servers))
            if fresh:
                self.plan.folder.wipe()
            try:
                self._start()
                if not self.is_stopping:
                    ready(self)
                while not self._stopping.wait(WATCH_SECONDS):
                    self._supervisor.watch()
                self._say("Stopping ...")
            finally:
                self._stop()

    def stop(self) -> None:
        """Ask for the end; may be called from any thread."""
        self._stopping.set()

    def _start(self) -> None:
        plan = self.plan
        self._step("PostgreSQL", [self._postgres_part()])
        self._timed("Roles and schemas", self._make_roles)
        for service in SERVICES:
            self._timed(f"Migrations of {service}", partial(self._migrate, service))
        self._step("NATS", [self._nats_part()])
        plan.write_listener()
        environments = {service: plan.write_settings(service) for service in SERVICES}
        identity_environment = plan.identity_environment()
        if not plan.only_servers:
            services = [self._service_part(name, environments[name]) for name in SERVICES]
            identity = self._service_part(IDENTITY, identity_environment, check="health")
            mailbox = self._service_part(MAILBOX, plan.mailbox_environment(), check="health")
            self._step("Identity provider, mailbox and services", [identity, mailbox, *services])

    def _postgres_part(self) -> Part:
        port = self.plan.ports.postgres
        return Part("postgres", self.postgres, f"postgresql://{LOOPBACK}:{port}/handoff", port)

    def _nats_part(self) -> Part:
        plan, port, monitor = self.plan, self.plan.ports.nats, self.plan.ports.nats_monitor
        server = NatsServer(
            plan.folder.nats,
            port=port,
            monitor_port=monitor,
            users=nats_permissions.users(plan.nats_passwords()),
            log=plan.folder.log("nats"),
        )
        check = f"http://{LOOPBACK}:{monitor}/healthz"
        # After a full disk NATS stays unwell for good, also when there is room again.
        return Part(
            "nats",
            server,
            f"nats://{LOOPBACK}:{port}",
            port,
            check,
            unwell_seconds_at_most=NATS_UNWELL_SECONDS,
        )

    def _service_part(
        self, name: str, environment: Mapping[str, str], *, check: str = "ready"
    ) -> Part:
        url = self.plan.url(name)
        service = Service(
            name,
            check=f"{url}/{check}",
            environment=environment,
            log=self.plan.folder.log(name),
        )
        return Part(name, service, url, self.plan.ports.of(name), f"{url}/{check}")

    def _make_roles(self) -> None:
        asyncio.run(roles.create(self.postgres.admin_url, passwords=self.plan.role_passwords()))

    def _migrate(self, service: str) -> None:
        url = self.plan.database_url(f"{service}_owner")
        migrate.upgrade(service, url)
        if self.plan.has_movable_clock:
            self.plan.folder.movable_clock.touch()
            asyncio.run(_make_movable(url, service))

    def _step(self, what: str, parts: Sequence[Part]) -> None:
        def start() -> None:
            self._supervisor.start(parts, within=START_SECONDS, stopping=lambda: self.is_stopping)

        self._timed(what, start)

    def _timed(self, what: str, do: Callable[[], None]) -> None:
        if self.is_stopping:
            return
        began = time.monotonic()
        do()
        if not self.is_stopping:
            self._say(f"{what}: ready after {time.monotonic() - began:.1f} s")

    def _stop(self) -> None:
        def named(*names: str) -> list[Part]:
            return [part for part in self.parts if part.name in names]

        services, nats, postgres = STAGE_SECONDS
        self._supervisor.stop(
            [
                (named(IDENTITY, MAILBOX, *SERVICES), services),
                (named("nats"), nats),
                (named("postgres"), postgres),
            ]
        )
        self.plan.folder.state.unlink(missing_ok=True)
        self._say("Everything is stopped; the data stays.")

    def _write_state(self) -> None:
        parts = tuple(_as_running(part) for part in self.parts)
        me = os.getpid()
        state.write(self.plan.folder.state, state.State(me, state.born(me) or "", parts))

    @contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        def stop(_: int, __: FrameType | None) -> None:
            self.stop()

        under_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        heeded = [each for each in SIGNALS if not (under_nohup and each is signal.SIGHUP)]
        before = {each: signal.signal(each, stop) for each in heeded}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _as_running(part: Part) -> state.Running:
    pid = None if part.has_ended else part.pid
    return state.Running(
        name=part.name,
        url=part.url,
        port=part.port,
        check=part.check,
        pid=pid,
        born=(state.born(pid) or "") if pid else "",
        state="up" if part.ready else "starting",
    )


async def _make_movable(url: str, service: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await clock.make_movable(connection, schema=service)
    finally:
        await engine.dispose()
