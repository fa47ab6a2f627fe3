"""A service or the identity provider as a child process: `handoff serve NAME`."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from deploy.embedded import process

OK = 200
# -P: a folder named `deploy` or `services` in the working folder must not be taken for ours.
SERVE = (sys.executable, "-P", "-m", "deploy.cli.main", "serve")


class Service:
    """One process; `check` is the URL that answers 200 when it can work."""

    stop_signal = signal.SIGTERM
    last_resort = signal.SIGKILL  # its transactions are the database's to roll back

    def __init__(self, name: str, *, check: str, environment: Mapping[str, str], log: Path) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0
        self._name = name
        self._check = check
        self._environment = environment
        self._log = log

    def launch(self) -> None:
        self._log_begins = process.log_end(self._log)
        self.process = process.spawn(
            process.Program(
                arguments=[*SERVE, self._name], log=self._log, environment=self._environment
            )
        )

    def is_ready(self) -> bool:
        return answers_ok(self._check)

    def why_it_ended(self) -> str:
        return process.last_line(self._log, since=self._log_begins)


def answers_ok(url: str) -> bool:
    """Return whether a GET of *url* answers 200."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=1)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
