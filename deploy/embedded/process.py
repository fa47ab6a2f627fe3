"""Child processes that do not outlive the process that started them.

On Linux the kernel itself signals a child when its parent dies, however it dies (`launcher` asks
it to). It looks at the parent *thread*: start children from a thread that lives as long as the
process, best the main one.
Each child has a session of its own, so a terminal's Ctrl-C reaches the parent alone, which then
stops its children in good order.
"""

import contextlib
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

LAUNCHER = Path(__file__).with_name("launcher.py")
LOG_KEPT_BYTES = 10 * 1024 * 1024
POLL_SECONDS = 0.01
LAST_SECONDS = 0.5


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
    who = program.account
    uid, gid = (who.pw_uid, who.pw_gid) if who else (os.geteuid(), os.getegid())
    launcher = [sys.executable, "-I", "-S", LAUNCHER]
    wishes = [os.getpid(), int(program.on_parent_death), uid, gid]
    with _append(program.log) as log:
        return subprocess.Popen(
            [str(each) for each in (*launcher, *wishes, *program.arguments)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=dict(program.environment),
            pass_fds=program.keep_open,
            start_new_session=True,
        )


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


def log_end(log: Path) -> int:
    """Return where the next start's lines will begin, after setting aside a log that grew long."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size <= LOG_KEPT_BYTES:
            return log.stat().st_size
        log.replace(log.with_name(f"{log.name}.old"))
    return 0


def last_line(log: Path, *, since: int, containing: Sequence[str] = ()) -> str:
    """Return the last line that says why something ended, without its full stop."""
    with contextlib.suppress(OSError):
        text = log.read_bytes()[since:].decode("utf-8", "replace")
        lines = [each.strip() for each in text.splitlines() if each.strip()]
        telling = [line for line in lines if any(word in line for word in containing)]
        for line in reversed(telling or lines):
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


def _append(log: Path) -> IO[bytes]:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
