"""The one data folder of a stack on this machine: what lies where, and who has it now.

Only a folder that carries our marker is ever wiped, and one stack at a time holds its lock; the
lock ends with the process, however it ends.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.errors import EmbeddedError

MARKER = ".handoff-data"
LOCK = "lock"
KEPT_BY_WIPE = frozenset({MARKER, LOCK, ".gitignore"})
CHOOSE_ANOTHER = "choose another with --data or HANDOFF_DATA"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below one folder; nothing is made before `prepare`."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "pg"

    @property
    def nats(self) -> Path:
        return self.path / "nats"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def mailbox(self) -> Path:
        return self.path / "mailbox"

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def movable_clock(self) -> Path:
        """A mark: the databases in here have a clock that can be moved."""
        return self.path / "movable-clock"

    @property
    def postgres_password(self) -> Path:
        return self.secrets / "postgres_admin_password"

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def prepare(self) -> None:
        """Make the folder, or make sure that it is one of ours.

        Raises:
            EmbeddedError: it holds something else, or may not be used.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (self.path / MARKER).exists():
                if any(self.path.iterdir()):
                    raise EmbeddedError(
                        f"{self.path} holds other things than Handoff's data: {CHOOSE_ANOTHER}."
                    )
                self.path.chmod(0o700)
                (self.path / ".gitignore").write_text("*\n", "utf-8")
                (self.path / MARKER).touch(mode=0o600)
        except OSError as error:
            raise EmbeddedError(
                f"The data folder {self.path} cannot be used ({error.strerror}): {CHOOSE_ANOTHER}."
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone.

        Raises:
            EmbeddedError: another stack has it.
        """
        try:
            descriptor = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EmbeddedError(
                f"{self.path} cannot be used ({error.strerror}): {CHOOSE_ANOTHER}."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise EmbeddedError(
                f"Handoff already runs on {self.path} (process {holder}): stop it with"
                f" `handoff down`, or {CHOOSE_ANOTHER}."
            ) from None
        try:
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            yield
        finally:
            with suppress(OSError):
                os.truncate(descriptor, 0)
            os.close(descriptor)

    def wipe(self) -> None:
        """Delete all data; call it holding the lock."""
        if not (self.path / MARKER).exists():
            raise EmbeddedError(f"{self.path} is not a data folder of Handoff: nothing is deleted.")
        for each in self.path.iterdir():
            if each.name in KEPT_BY_WIPE:
                continue
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
