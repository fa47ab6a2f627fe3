"""What runs where, in one file that is always whole: written by the stack, read by anybody.

A process is known by its number *and* the moment it was born, so that a number which a stranger
has been given since is never taken for ours, let alone signalled.
"""

import json
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.embedded import process
from deploy.embedded.errors import EmbeddedError
from deploy.identity.files import write_secret

SUPERVISOR = "supervisor"
PREDECESSOR_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Running:
    """One part: `check` is the URL that answers 200, or empty where only the port can be asked."""

    name: str
    url: str
    port: int
    check: str
    pid: int | None
    born: str
    state: str

    @property
    def is_alive(self) -> bool:
        return self.pid is not None and born(self.pid) == self.born


@dataclass(frozen=True, slots=True)
class State:
    """The stack's supervisor and its parts."""

    pid: int
    born: str
    parts: tuple[Running, ...]

    @property
    def is_supervised(self) -> bool:
        return born(self.pid) == self.born


def born(pid: int) -> str | None:
    """Return when process *pid* was started, in the kernel's own terms; None if it has ended."""
    if not process.is_alive(pid):
        return None
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        return stat.rpartition(")")[2].split()[19]
    return "unknown"


def write(path: Path, state: State) -> None:
    """Write *state* as one object of part by name, with the supervisor beside them."""
    supervisor = {SUPERVISOR: {"pid": state.pid, "born": state.born}}
    write_secret(path, json.dumps(supervisor | {p.name: asdict(p) for p in state.parts}, indent=2))


def read(path: Path) -> State | None:
    """Return the last known state, or None if no stack has run here.

    Raises:
        EmbeddedError: the file is there but cannot be read.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        supervisor = found.pop(SUPERVISOR)
        parts = tuple(Running(**each) for each in found.values())
        return State(pid=_pid(supervisor["pid"]), born=str(supervisor["born"]), parts=parts)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EmbeddedError(f"{path} is damaged: remove it.") from error


def _pid(value: object) -> int:
    if not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError("no process number")
    return value


def outwait(parts: Iterable[Running]) -> None:
    """Wait for what a killed stack left behind to end, and end what does not.

    They were told by the kernel that their parent died, so normally they are gone at once.
    """
    left = list(parts)
    if process.wait_until(
        lambda: not any(each.is_alive for each in left), within=PREDECESSOR_SECONDS
    ):
        return
    for each in left:
        if each.is_alive and each.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(
                    each.pid, signal.SIGQUIT
                )  # PostgreSQL's own emergency stop; ends others too
    process.wait_until(lambda: not any(each.is_alive for each in left), within=PREDECESSOR_SECONDS)
