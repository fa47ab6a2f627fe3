"""The vault: encrypts fields under a data key per subject, and destroys that key for ever.

Envelope encryption: the key-encryption key wraps data keys, a data key seals fields; both are
bound to schema, subject and key version, fields also to their name (see `sealing`). Unwrapped
keys are never kept, so a destroyed key is gone for the next request.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import MetaData, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import writes
from shared.vault import keys
from shared.vault.sealing import (
    KEY_BYTES,
    Binding,
    KeyGone,
    Plaintext,
    key_version,
    new_key,
    seal,
    unseal,
)

FIRST_VERSION = 1


class FirstKey(NamedTuple):
    """A subject's first key: what is to be added to the keys, and sealing under it."""

    row: Mapping[str, Any]
    seal: Callable[[str, bytes], bytes]


class Vault:
    """The data keys in one schema (`<service>_vault`) and what they protect."""

    def __init__(self, key_encryption_key: bytes, schema: str) -> None:
        if len(key_encryption_key) != KEY_BYTES:
            raise ValueError(f"the key-encryption key must have {KEY_BYTES} bytes")
        self._wrapping_key = key_encryption_key
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
        return seal(self._wrapping_key, key, binding=binding, version=FIRST_VERSION)

    def _unwrap(self, subject_id: UUID, wrapped: bytes | None) -> bytes:
        if wrapped is None:
            raise KeyGone
        return unseal(self._wrapping_key, wrapped, binding=self._wrapping(subject_id))

    def _wrapping(self, subject_id: UUID) -> Binding:
        return Binding("key", (self._schema.encode(), subject_id.bytes))

    def _field(self, subject_id: UUID, field: str) -> Binding:
        return Binding("field", (self._schema.encode(), field.encode(), subject_id.bytes))
