"""Where requests are measured: real servers, a service's HTTP half, and a bare route beside it.

The bare route is the ceiling: FastAPI with the same body and one asyncpg statement that leaves the
same rows, or reads the same ones. It asks no policy, opens no session and crosses no wall.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from deploy.cli.options import data_folder
from deploy.embedded.plan import PORT_SETTINGS, Plan, Ports
from deploy.identity.clients import read_client_secrets
from tests.servers import free_port
from tests.system.until import until_sync

HANDOFF = (sys.executable, "-m", "deploy.cli.main")
BARE = (sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--no-access-log")
BARE_OPTIONS = ("--loop", "uvloop", "--http", "httptools", "--log-level", "warning")
STARTS_WITHIN_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Stand:
    """Servers that run, and what to ask them with."""

    plan: Plan
    bare_url: str
    log: int
    pids: dict[str, int] = field(default_factory=dict)

    def url(self, service: str) -> str:
        return self.plan.url(service)

    @property
    def admin_url(self) -> str:
        password = (self.plan.folder.secrets / "postgres_admin_password").read_text("utf-8")
        return f"postgresql://postgres:{password}@127.0.0.1:{self.plan.ports.postgres}/handoff"

    def headers(self, who: str, *, purpose: str | None = None) -> dict[str, str]:
        secret = read_client_secrets(self.plan.clients_file)[who]
        answer = httpx.post(
            f"{self.plan.url('identity')}/token",
            data={"grant_type": "client_credentials"},
            auth=(who, secret),
        )
        stated = {"Handoff-Purpose": purpose} if purpose else {}
        token = answer.raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **stated}

    async def counts(self, service: str) -> Mapping[str, int]:
        """Return how many rows each table of a service has."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            names = await connection.fetch(
                "SELECT format('%I.%I', table_schema, table_name) AS name"
                " FROM information_schema.tables WHERE table_schema IN ($1, $2)",
                service,
                f"{service}_vault",
            )
            return {
                name: await connection.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - from the catalogue
                for name in (row["name"] for row in names)
            }
        finally:
            await connection.close()


@contextmanager
def standing(folder: Path, *, services: tuple[str, ...]) -> Iterator[Stand]:
    """Yield servers, the identity provider, the HTTP halves of *services* and the bare routes."""
    ports = Ports(**{name: free_port() for name in PORT_SETTINGS})
    plan = Plan(folder=data_folder(folder / "data"), ports=ports, movable_clock=True)
    moved = {setting: str(ports.of(name)) for name, setting in PORT_SETTINGS.items()}
    up = (*HANDOFF, "up", "--data", str(plan.folder.path), "--only-servers", "--movable-clock")
    with ExitStack() as running:
        log = running.enter_context((folder / "log").open("wb"))
        stand = Stand(plan, f"http://127.0.0.1:{free_port()}", log.fileno())
        running.enter_context(process(stand, "servers", up, os.environ | moved))
        until_sync(
            lambda: b"Stop: Ctrl-C" in (folder / "log").read_bytes(), within=STARTS_WITHIN_SECONDS
        )
        identity = (*HANDOFF, "serve", "identity")
        running.enter_context(process(stand, "identity", identity, plan.identity_environment()))
        for service in services:
            running.enter_context(half(stand, service, "http"))
        port = stand.bare_url.rpartition(":")[2]
        bare = (*BARE, *BARE_OPTIONS, "--port", port)
        dsn = {"DSN": stand.admin_url, "APP_URL": plan.database_url("casework_app")}
        running.enter_context(process(stand, "bare routes", bare, os.environ | dsn))
        for url in (stand.bare_url, *(plan.url(each) for each in ("identity", *services))):
            until_sync(lambda url=url: _answers(url), within=STARTS_WITHIN_SECONDS, what=url)  # type: ignore[misc]  # bound now
        yield stand


@contextmanager
def half(stand: Stand, service: str, which: str) -> Iterator[None]:
    """Run the `http` or the `worker` half of *service*."""
    environment = stand.plan.write_settings(service) | {f"{service}_LOG_LEVEL".upper(): "warning"}
    if which == "worker":  # it answers too, about how it does; the other half has the usual port
        environment[f"{service}_PORT".upper()] = str(free_port())
    command = (*HANDOFF, "serve", service, "--only", which)
    with process(stand, f"{service} {which}", command, environment):
        yield


@contextmanager
def process(
    stand: Stand, name: str, command: tuple[str, ...], environment: Mapping[str, str]
) -> Iterator[None]:
    """Run *command* until the end of the block."""
    running = subprocess.Popen(
        command,
        env=environment,
        stdout=stand.log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    stand.pids[name] = running.pid
    try:
        yield
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(STOPS_WITHIN_SECONDS)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False
