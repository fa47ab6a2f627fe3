"""Files that hold secrets: whole or absent, and readable by nobody but their owner."""

import os
import stat
from pathlib import Path

OWNER_ONLY = 0o600


class SecretFileError(Exception):
    """A file of secrets cannot be used; the text is one sentence."""


def write_secret(path: Path, content: str) -> None:
    """Put *content* at *path* in one step, for its owner's eyes only.

    A file that says so already is left alone; one that is replaced keeps its owner and group, for
    whoever prepares the files may not be who reads them.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = path.stat() if path.exists() else None
    if before is not None and path.read_bytes() == content.encode():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if before is not None and (before.st_uid, before.st_gid) != _owner(descriptor):
            os.fchown(descriptor, before.st_uid, before.st_gid)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _owner(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_uid, found.st_gid


def read_secret(path: Path, *, setting: str) -> str:
    """Return what *path* holds, or raise SecretFileError naming *setting*."""
    try:
        others = stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY
        content = path.read_text("utf-8")
    except OSError as error:
        raise SecretFileError(
            f"{setting} names the file {path}, which cannot be read: {error.strerror}."
        ) from error
    if others:
        raise SecretFileError(
            f"{setting} names the file {path}, which others may use: run chmod 600 on it."
        )
    return content
