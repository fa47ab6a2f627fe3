"""Child processes that do not outlive the process that started them.

On Linux the kernel itself signals a child when its parent dies, however it dies. It looks at the
parent *thread*: start children from a thread that lives as long as the process, best the main one.
Each child has a session of its own, so a terminal's Ctrl-C reaches the parent alone, which then
stops its children in good order.
"""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deploy.embedded.errors import EmbeddedError

PR_SET_PDEATHSIG = 1
LOG_KEPT_BYTES = 10 * 1024 * 1024
POLL_SECONDS = 0.01
LAST_SECONDS = 0.5

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, as whom, and which signal tells it that its parent is gone."""

    arguments: Sequence[str | Path]
    log: Path
    on_parent_death: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] = field(default_factory=dict)
    account: pwd.struct_passwd | None = None
    keep_open: Sequence[int] = ()


def spawn(program: Program) -> "subprocess.Popen[bytes]":
    """Start *program*; its output is added to its log."""
    _rotate(program.log)
    with _append(program.log) as log:
        try:
            return subprocess.Popen(
                [str(each) for each in program.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=dict(program.environment),
                pass_fds=program.keep_open,
                start_new_session=True,
                user=program.account.pw_uid if program.account else None,
                group=program.account.pw_gid if program.account else None,
                extra_groups=[] if program.account else None,
                preexec_fn=_follow_parent(program.on_parent_death),  # noqa: PLW1509 - the kernel forgets an earlier wish when the user changes
            )
        except OSError as error:
            raise EmbeddedError(
                f"{program.arguments[0]} cannot be started: {error.strerror}."
            ) from error


def ask(process: "subprocess.Popen[bytes] | None", by: signal.Signals) -> None:
    """Ask *process* to end."""
    if process is not None and process.poll() is None:
        process.send_signal(by)


def await_end(
    process: "subprocess.Popen[bytes] | None",
    *,
    within: float,
    last_resort: signal.Signals = signal.SIGKILL,
) -> None:
    """Wait until *process* has ended, and end it when it has not after *within* seconds."""
    if process is None:
        return
    for force, seconds in ((last_resort, within), (signal.SIGKILL, LAST_SECONDS)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return
        process.send_signal(force)
    process.wait()


def wait_until(true: Callable[[], bool], *, within: float) -> bool:
    """Return whether *true* became so in time; it watches other processes, so it has to poll."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def last_line(log: Path, *, containing: Sequence[str] = ()) -> str:
    """Return the last line of *log* that says why something ended, without a full stop."""
    with contextlib.suppress(OSError):
        lines = [each.strip() for each in log.read_text("utf-8", "replace").splitlines()]
        telling = [line for line in lines if any(word in line for word in containing)]
        for line in reversed(telling or lines):
            if line:
                return line.rstrip(".")
    return "it said nothing"


def is_alive(pid: int) -> bool:
    """Return whether a process of this number exists and has not ended yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"


def _follow_parent(death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def in_child() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return in_child


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_KEPT_BYTES:
            log.replace(log.with_name(f"{log.name}.old"))


def _append(log: Path) -> IO[bytes]:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
