"""A parent process for tests: starts both servers, says what it started, stops at end of input.

Usage: starts_servers.py FOLDER POSTGRES_PORT NATS_PORT MONITOR_PORT
"""

import json
import os
import sys
from pathlib import Path

from deploy.embedded.nats_server import NatsServer
from deploy.embedded.postgres import Postgres


def main(folder: Path, postgres_port: int, nats_port: int, monitor_port: int) -> None:
    postgres = Postgres(folder / "pg", port=postgres_port)
    nats = NatsServer(folder / "nats", port=nats_port, monitor_port=monitor_port, users=())
    postgres.start()
    nats.start()
    facts = {
        "uid": os.geteuid(),
        "pids": [postgres.pid, nats.pid],
        "url": postgres.url("postgres", postgres.admin_password, driver="postgresql"),
    }
    print(json.dumps(facts), flush=True)  # noqa: T201 - for the test that reads this
    sys.stdin.read()
    nats.stop()
    postgres.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
