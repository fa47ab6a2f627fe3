"""The vault: encrypts fields under a data key per subject, and destroys that key for ever.

Envelope encryption: the key-encryption key wraps data keys, a data key seals fields; both are
bound to schema, subject and key version, fields also to their name (see `sealing`). Unwrapped
keys are never kept, so a destroyed key is gone for the next request.

The version in a wrapped key says which key-encryption key wrapped it, so those of a former one are
found and wrapped anew (`rewrap`); fields stay as they are.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import MetaData, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import writes
from shared.vault import keys
from shared.vault.sealing import (
    KEY_BYTES,
    Binding,
    KeyGone,
    Plaintext,
    UnreadableError,
    key_version,
    new_key,
    seal,
    unseal,
)

FIRST_VERSION = 1
VERSION_IN_HEAD = (2, 4)  # from which byte on, and how many (see `sealing`)


class FirstKey(NamedTuple):
    """A subject's first key: what is to be added to the keys, and sealing under it."""

    row: Mapping[str, Any]
    seal: Callable[[str, bytes], bytes]


class Rewrapped(NamedTuple):
    """How far wrapping anew has come, and how many keys it could and could not open."""

    until: tuple[UUID, int]
    opened: int
    unopened: int


class Vault:
    """The data keys in one schema (`<service>_vault`) and what they protect."""

    def __init__(
        self, key_encryption_key: bytes, schema: str, *, former: Sequence[bytes] = ()
    ) -> None:
        """Wrap under one key; open what is wrapped under it or under a *former* one."""
        self._keys = (key_encryption_key, *former)
        if any(len(key) != KEY_BYTES for key in self._keys):
            raise ValueError(f"a key-encryption key must have {KEY_BYTES} bytes")
        self._wrapped_by = _version_of(key_encryption_key)
        self._schema = schema
        self._table = table = keys.table(MetaData(), schema=schema)
        self._newest_key = (
            select(table.c.version, table.c.wrapped)
            .where(table.c.subject_id == bindparam("subject_id"))
            .order_by(table.c.version.desc())
            .limit(1)
        )
        self._add_if_none = (
            insert(table).on_conflict_do_nothing().returning(table.c.version, table.c.wrapped)
        )

    def __repr__(self) -> str:
        return f"Vault({self._schema!r})"

    async def encrypt(
        self, session: AsyncSession, subject_id: UUID, *, field: str, plaintext: bytes
    ) -> bytes:
        """Return *plaintext* sealed under the subject's key, which is made on first use.

        Raises:
            KeyGone: the subject's key was destroyed.
        """
        version, key = await self._present_key(session, subject_id)
        return seal(key, plaintext, binding=self._field(subject_id, field), version=version)

    def encrypt_first(
        self, session: AsyncSession, subject_id: UUID, *, field: str, plaintext: bytes
    ) -> bytes:
        """Like `encrypt`, for a subject that this transaction makes: it has no key yet."""
        first = self.first_key(subject_id)
        writes.add(session, self._table, first.row)
        return first.seal(field, plaintext)

    def first_key(self, subject_id: UUID) -> "FirstKey":
        """Return a new key for a subject that has none, and the row that keeps it."""
        key = new_key()
        row = {
            "subject_id": subject_id,
            "version": FIRST_VERSION,
            "wrapped": self._wrapped(subject_id, key),
        }

        def sealed(field: str, plaintext: bytes) -> bytes:
            binding = self._field(subject_id, field)
            return seal(key, plaintext, binding=binding, version=FIRST_VERSION)

        return FirstKey(row, sealed)

    async def decrypt(
        self, session: AsyncSession, subject_id: UUID, *, field: str, ciphertext: bytes
    ) -> Plaintext:
        """Return what was sealed as this field of this subject.

        Raises:
            KeyGone: the subject's key was destroyed.
            UnreadableError: it was sealed as something else, or changed since.
        """
        table = self._table
        wrapped = await session.scalar(
            select(table.c.wrapped).where(
                table.c.subject_id == subject_id, table.c.version == key_version(ciphertext)
            )
        )
        key = self._unwrap(subject_id, wrapped)
        return unseal(key, ciphertext, binding=self._field(subject_id, field))

    async def destroy(self, session: AsyncSession, subject_id: UUID) -> bool:
        """Destroy the subject's keys for ever; return whether there was one left to destroy."""
        table = self._table
        destroyed = await session.execute(
            update(table)
            .where(table.c.subject_id == subject_id, table.c.wrapped.is_not(None))
            .values(wrapped=None, destroyed_at=func.app_now())
            .returning(table.c.version)
        )
        return bool(destroyed.all())

    async def rewrap(
        self, session: AsyncSession, *, after: tuple[UUID, int], limit: int
    ) -> "Rewrapped | None":
        """Wrap anew what is wrapped under a former key, from the subject and version after *after*.

        A key that is destroyed meanwhile stays destroyed. One that opens under no key that is set
        is left as it is. None if nothing is left to look at.
        """
        table = self._table
        former = (
            select(table.c.subject_id, table.c.version, table.c.wrapped)
            .where(
                tuple_(table.c.subject_id, table.c.version) > after,
                func.substr(table.c.wrapped, *VERSION_IN_HEAD) != self._wrapped_by.to_bytes(4),
            )
            .order_by(table.c.subject_id, table.c.version)
            .limit(limit)
            .with_for_update()
        )
        rows = (await session.execute(former)).all()
        opened = 0
        for row in rows:
            with suppress(UnreadableError):
                wrapped = self._wrapped(row.subject_id, self._unwrap(row.subject_id, row.wrapped))
                await session.execute(
                    update(table)
                    .where(table.c.subject_id == row.subject_id, table.c.version == row.version)
                    .values(wrapped=wrapped)
                )
                opened += 1
        if not rows:
            return None
        return Rewrapped((rows[-1].subject_id, rows[-1].version), opened, len(rows) - opened)

    async def _present_key(self, session: AsyncSession, subject_id: UUID) -> tuple[int, bytes]:
        found = await self._newest(session, subject_id)
        if found is None:
            wrapped = self._wrapped(subject_id, new_key())
            # A rival may make the first key at the same moment: one row wins, both use it.
            first = {"subject_id": subject_id, "version": FIRST_VERSION, "wrapped": wrapped}
            made = (await session.execute(self._add_if_none, first)).one_or_none()
            found = made or await self._newest(session, subject_id)
        if found is None:
            raise KeyGone
        return found.version, self._unwrap(subject_id, found.wrapped)

    async def _newest(self, session: AsyncSession, subject_id: UUID) -> Any:  # noqa: ANN401 - a row
        rows = await session.execute(self._newest_key, {"subject_id": subject_id})
        return rows.one_or_none()

    def _wrapped(self, subject_id: UUID, key: bytes) -> bytes:
        binding = self._wrapping(subject_id)
        return seal(self._keys[0], key, binding=binding, version=self._wrapped_by)

    def _unwrap(self, subject_id: UUID, wrapped: bytes | None) -> bytes:
        if wrapped is None:
            raise KeyGone
        for key in self._keys:
            with suppress(UnreadableError):
                return unseal(key, wrapped, binding=self._wrapping(subject_id))
        raise UnreadableError("this key is wrapped under another key-encryption key")

    def _wrapping(self, subject_id: UUID) -> Binding:
        return Binding("key", (self._schema.encode(), subject_id.bytes))

    def _field(self, subject_id: UUID, field: str) -> Binding:
        return Binding("field", (self._schema.encode(), field.encode(), subject_id.bytes))


def _version_of(key_encryption_key: bytes) -> int:
    """Return what tells this key from the others that a service has had: nothing about it."""
    return int.from_bytes(hashlib.sha256(b"handoff wrapping " + key_encryption_key).digest()[:4])
