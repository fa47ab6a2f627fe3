"""The whole stack as a user runs it: `handoff up` as its own process, on free ports."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.cli.options import data_folder
from deploy.cli.token import fetch_token
from deploy.embedded import state
from deploy.embedded.plan import Plan, Ports
from tests.servers import free_port
from tests.system.until import until_sync

HANDOFF = (sys.executable, "-m", "deploy.cli.main")
PORTS = (
    *("referral", "casework", "notify", "identity", "mailbox", "mailbox-smtp"),
    *("nats", "nats-monitor", "postgres"),
)
STARTS_WITHIN_SECONDS = 90.0
DATA = "dätä of a test"  # as folders are named
STOPS_WITHIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that runs, and how to hurt it."""

    plan: Plan
    process: "subprocess.Popen[bytes]"

    @property
    def data(self) -> Path:
        return self.plan.folder.path

    def url(self, service: str) -> str:
        return self.plan.url(service)

    def token(self, name: str) -> str:
        return fetch_token(name, data=self.data)

    @property
    def admin_database_url(self) -> str:
        password = (self.plan.folder.secrets / "postgres_admin_password").read_text("utf-8")
        port = self.plan.ports.postgres
        return f"postgresql://postgres:{password}@127.0.0.1:{port}/handoff"

    def part(self, name: str) -> state.Running:
        known = state.read(self.plan.folder.state)
        assert known is not None
        return next(each for each in known.parts if each.name == name)

    def kill(self, name: str) -> int:
        """SIGKILL one part of this very stack; return the process id it had."""
        pid = self.part(name).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def await_restart(self, name: str, *, killed: int) -> None:
        """Return when *name* is up again as another process."""

        def up_again() -> bool:
            part = self.part(name)
            return part.state == "up" and part.pid not in (None, killed)

        try:
            until_sync(up_again, within=60, what=f"the restart of {name}")
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.log()}") from late

    def log(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text('utf-8', 'replace')[-3000:]}"
            for path in sorted((self.data / "logs").glob("*.log"))
        )


@contextmanager
def running_stack(
    folder: Path, *, environment: Mapping[str, str] | None = None
) -> Iterator[RunningStack]:
    """Yield a running stack with all its data in *folder*."""
    ports: dict[str, Any] = {name.replace("-", "_"): free_port() for name in PORTS}
    options = [
        word for name in PORTS for word in (f"--{name}-port", str(ports[name.replace("-", "_")]))
    ]
    command = [*HANDOFF, "up", "--data", str(folder / DATA), "--movable-clock", *options]
    output = folder / "up.log"
    with output.open("wb") as written:
        process = subprocess.Popen(
            command,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )

    plan = Plan(folder=data_folder(folder / DATA), ports=Ports(**ports), movable_clock=True)
    stack = RunningStack(plan, process)
    try:
        until_sync(lambda: _is_up(stack, output), within=STARTS_WITHIN_SECONDS, what="the start")
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOPS_WITHIN_SECONDS)


def _is_up(stack: RunningStack, output: Path) -> bool:
    assert stack.process.poll() is None, output.read_text("utf-8")
    return "Stop: Ctrl-C here" in output.read_text("utf-8")


def status(stack: RunningStack) -> dict[str, str]:
    """Return the state of each part as `handoff status --json` tells it."""
    answer = subprocess.run(
        [*HANDOFF, "status", "--json", "--data", str(stack.data)],
        capture_output=True,
        check=False,
    )
    return {part["name"]: part["state"] for part in json.loads(answer.stdout)["parts"]}
