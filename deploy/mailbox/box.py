"""Where mails are kept: one file each in one folder, of which the newest are shown.

A mail's file is whole or absent, and its name is the mail's id, whose order is that of arrival. So
a box that is opened again, after whatever ended the last one, shows what was there.
"""

import asyncio
import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.mailbox.mail import Mail, Summary, read, read_summary, with_envelope

KEPT = 1000
SHOWN_AT_MOST = 500
ENDING = ".eml"


class Box:
    """The mails in *folder*; use it from one event loop."""

    def __init__(self, folder: Path, *, kept: int = KEPT) -> None:
        self._folder = folder
        self._kept = kept
        self._mails: dict[UUID, Summary] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for id_ in sorted(_ids(folder)):
            with contextlib.suppress(OSError):
                self._mails[id_] = read_summary(self._path(id_).read_bytes(), id_=id_)
        self._forget_oldest()

    def __len__(self) -> int:
        return len(self._mails)

    async def keep(self, raw: bytes, *, to: Sequence[str]) -> Summary:
        """Return when the mail *raw* is safely on disk.

        Raises:
            OSError: it could not be written, and is not kept.
        """
        id_ = uuid7()
        content = with_envelope(raw, to=to)
        await asyncio.to_thread(_write, self._path(id_), content)
        self._mails[id_] = summary = read_summary(content, id_=id_)
        self._forget_oldest()
        return summary

    def newest(self, *, to: str | None = None) -> list[Summary]:
        """Return the newest mails, newest first; *to* narrows them to one address."""
        found = [each for each in self._mails.values() if to is None or _is_to(each, to)]
        return sorted(found, key=lambda each: each.id, reverse=True)[:SHOWN_AT_MOST]

    def mail(self, id_: UUID) -> Mail | None:
        """Return one mail whole, or None if there is no such mail (any more)."""
        if id_ not in self._mails:
            return None
        try:
            return read(self._path(id_).read_bytes(), id_=id_)
        except OSError:  # somebody cleared the folder
            return None

    def _path(self, id_: UUID) -> Path:
        return self._folder / f"{id_}{ENDING}"

    def _forget_oldest(self) -> None:
        for id_ in sorted(self._mails)[: max(0, len(self._mails) - self._kept)]:
            del self._mails[id_]
            with contextlib.suppress(OSError):
                self._path(id_).unlink()


def _ids(folder: Path) -> Iterator[UUID]:
    for each in folder.glob(f"*{ENDING}"):
        with contextlib.suppress(ValueError):
            if each.stem == str(found := UUID(each.stem)):
                yield found


def _is_to(mail: Summary, address: str) -> bool:
    return address.casefold() in (each.casefold() for each in mail.to)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
