"""`docker-compose.yml` without Docker: what stands in it, run by hand on this machine.

Every command, environment variable, mount, port and health check is taken from the file. Changed
is only what containers would have to themselves: names of hosts become 127.0.0.1, ports free ones,
and the folders that volumes are mounted on, folders below a temporary one. Two images are not ours:
for `postgres` and `nats` the same programs run from wheels. Of PostgreSQL's image, what its start
script does with the environment is done here; `wget` is not everywhere, so it is stood in for.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, cast

import asyncpg
import yaml

from deploy.embedded import postgres_programs
from deploy.embedded.nats_server import nats_program
from deploy.embedded.postgres import ADMINISTRATOR, DATABASE, Postgres
from tests.architecture.rules import ROOT
from tests.servers import free_port
from tests.system.until import until_sync

COMPOSE = ROOT / "docker-compose.yml"
HANDOFF = (sys.executable, "-m", "deploy.cli.main")  # the image's entrypoint
HEALTHY_WITHIN_SECONDS = 60.0
FOLDERS = re.compile(r"(?<![\w/.])/(?=secrets\b|var/lib\b)")
PORT = re.compile(r"^(--port=|)(\d{4})$")
WGET = f"""#!{sys.executable}
import sys, urllib.request
urllib.request.urlopen(sys.argv[-1], timeout=3).read()
"""


def read(path: Path = COMPOSE) -> dict[str, Any]:
    """Return the file with its anchors and merges resolved."""
    return cast("dict[str, Any]", yaml.safe_load(path.read_text("utf-8")))


def seconds(stated: str) -> float:
    """Return the seconds in a duration such as 15s."""
    assert stated.endswith("s")
    return float(stated.removesuffix("s"))


@dataclass
class Composed:
    """The services of a compose file as processes; end what runs with `end`."""

    folder: Path
    services: dict[str, dict[str, Any]] = field(default_factory=lambda: read()["services"])
    ports: dict[int, int] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def order(self) -> Iterator[str]:
        """Yield the services, each after all that it depends on."""
        needs = {name: each.get("depends_on", {}) for name, each in self.services.items()}
        yield from TopologicalSorter(needs).static_order()

    def start(self, name: str) -> None:
        """Start a service when what it depends on is as it demands."""
        for needed, how in self.services[name].get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert self.is_healthy(needed), f"{name} starts before {needed} is healthy"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert self.processes[needed].poll() == 0, f"{name} starts before {needed} is done"
        self._mount(name)
        if name == "postgres":
            self.processes[name] = self._start_postgres()
            return
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self.command(name),
                env=self.environment(name),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def await_ready(self, name: str) -> None:
        """Wait until a service is healthy, or a job has ended well."""
        if "test" in self.services[name]["healthcheck"]:
            until_sync(lambda: self.is_healthy(name), within=HEALTHY_WITHIN_SECONDS, what=name)
        else:
            assert self.processes[name].wait(HEALTHY_WITHIN_SECONDS) == 0, self.said(name)

    def is_healthy(self, name: str) -> bool:
        """Run the service's health check as it stands in the file."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        if self.processes[name].poll() is not None:
            raise AssertionError(f"{name} has ended: {self.said(name)}")
        checked = subprocess.run(
            [self.mapped(each, name) for each in command],
            env=self.environment(name),
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=20,
        )
        return checked.returncode == 0

    def stop(self, name: str) -> int:
        """Ask a service to end, and return how it did; it has the grace that the file gives it."""
        # What the image of PostgreSQL states as its signal: "fast".
        asked = signal.SIGINT if name == "postgres" else signal.SIGTERM
        self.processes[name].send_signal(asked)
        return self.processes[name].wait(seconds(self.services[name]["stop_grace_period"]))

    def url(self, name: str) -> str:
        """Return where the service is reached from outside: by the port it publishes."""
        [published] = self.services[name]["ports"]
        host, outside, inside = published.split(":")
        assert outside == inside
        return f"http://{host}:{self.port(int(inside))}"

    def port(self, stated: int) -> int:
        return self.ports.setdefault(stated, free_port())

    def said(self, name: str) -> str:
        return self.log(name).read_text("utf-8")

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def command(self, name: str) -> list[str]:
        stated = [self.mapped(str(each), name) for each in self.services[name]["command"]]
        return [str(nats_program()), *stated] if name == "nats" else [*HANDOFF, *stated]

    def environment(self, name: str) -> dict[str, str]:
        """Return what is stated, and what a process needs on any machine."""
        stated = self.services[name].get("environment", {})
        mapped = {key: self.mapped(str(value), name) for key, value in stated.items()}
        programs = (
            self._stand_ins(),
            postgres_programs.bin_folder(None),
            Path(sys.executable).parent,
        )
        path = os.pathsep.join(str(each) for each in programs)
        return {"PATH": path, "LANG": "C.UTF-8", **mapped}

    def mapped(self, text: str, name: str) -> str:
        """Return *text* with hosts, ports and folders as they are on this machine."""
        text = FOLDERS.sub(f"{self._root(name)}/", text)
        hosts = "|".join((*self.services, r"0\.0\.0\.0", r"127\.0\.0\.1"))
        text = re.sub(
            rf"\b(?:{hosts}):(\d+)", lambda found: f"127.0.0.1:{self.port(int(found[1]))}", text
        )
        if text == "0.0.0.0":  # noqa: S104 - every address of a container
            return "127.0.0.1"
        return PORT.sub(lambda found: f"{found[1]}{self.port(int(found[2]))}", text)

    def _mount(self, name: str) -> None:
        """Let the service see its volumes where it mounts them, and no others."""
        for stated in self.services[name].get("volumes", ()):
            volume, target, *_ = stated.split(":")
            folder = self.folder / "volumes" / volume
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            seen = self._root(name) / target.removeprefix("/")
            seen.parent.mkdir(parents=True, exist_ok=True)
            if not seen.is_symlink():
                seen.symlink_to(folder)

    def _root(self, name: str) -> Path:
        return self.folder / "roots" / name

    def _start_postgres(self) -> "subprocess.Popen[bytes]":
        """Do what the image's start script does: make the database, and set the password."""
        program, *options = self.services["postgres"]["command"]
        stated = self.environment("postgres")
        assert (program, stated["POSTGRES_DB"]) == ("postgres", DATABASE)
        server = Postgres(
            self.folder / "volumes" / "postgres",
            port=self.port(5432),
            options=dict(each.split("=") for each in options if each != "-c"),
            log=self.log("postgres"),
        )
        server.start()
        password = Path(stated["POSTGRES_PASSWORD_FILE"]).read_text("utf-8")
        asyncio.run(_set_password(server, password))
        assert server.process is not None
        return server.process

    def _stand_ins(self) -> Path:
        folder = self.folder / "programs"
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / "wget").write_text(WGET, "utf-8")
            (folder / "wget").chmod(0o700)
        return folder

    def end(self) -> None:
        """End whatever still runs."""
        for name in reversed(list(self.order())):
            if name in self.processes and self.processes[name].poll() is None:
                self.stop(name)


async def _set_password(server: Postgres, password: str) -> None:
    url = server.url(ADMINISTRATOR, server.admin_password, driver="postgresql")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"ALTER ROLE {ADMINISTRATOR} PASSWORD '{password}'")
    finally:
        await connection.close()
