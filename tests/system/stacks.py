"""`handoff up` as a process of its own, on free ports and a folder of its own."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.embedded.plan import PORT_SETTINGS
from deploy.embedded.process import wait_until
from tests.servers import free_port

HANDOFF = (sys.executable, "-P", "-m", "deploy.cli.main")
PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Handoff:
    """The command line with one data folder."""

    data: Path
    ports: dict[str, str] = field(
        default_factory=lambda: {name: str(free_port()) for name in PORT_SETTINGS.values()}
    )
    output: Path = field(init=False)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.output = self.data.with_name(f"{self.data.name}.txt")

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.ports, "HANDOFF_DATA": str(self.data)}

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8") if self.output.exists() else ""

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [*HANDOFF, *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def up(self, *arguments: str) -> None:
        """Start the stack and return when it says that all is ready."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*HANDOFF, "up", *arguments],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert self.says("Stop: Ctrl-C"), self.said

    def says(self, text: str) -> bool:
        """Wait until the running stack has said *text*."""
        return wait_until(
            lambda: text in self.said or (self.process is not None and self.has_ended),
            within=PATIENCE_SECONDS,
        ) and (text in self.said)

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def send(self, which: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(which)

    def wait(self, within: float) -> int:
        assert self.process is not None
        return self.process.wait(within)

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return what `handoff status --json` says, by part."""
        told = json.loads(self.run("status", "--json").stdout)
        return {each["name"]: each for each in told["parts"]}

    def pids(self) -> list[int]:
        return [each["pid"] for each in self.parts().values()]

    def end(self) -> None:
        if not self.has_ended:
            self.send(signal.SIGTERM)
            self.wait(20)
