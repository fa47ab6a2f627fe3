"""Writes that may be repeated: the first request with a key takes it, a repetition is known.

A row holds the key, who wrote, a keyed hash of what was sent and the id of what it made; never
what was sent. Keys belong to their actor, so that nobody learns of another's. The row commits
with the effect, and a concurrent duplicate waits for that on the primary key.
"""

import hashlib
import hmac
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

KEPT = timedelta(days=7)
# Swept later than a claim may take the row over: a claim never loses the row it is reading.
SWEPT = KEPT + timedelta(hours=1)


class Claim(Enum):
    """What a key says about a write."""

    FRESH = auto()
    REPLAY = auto()
    MISMATCH = auto()


def define(metadata: MetaData) -> Table:
    """Add the table of keys to *metadata*."""
    return Table(
        "idempotency_key",
        metadata,
        Column("actor_id", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("resource_id", Uuid, nullable=False),
        Column(
            "claimed_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=text("app_now()"),
        ),
        Index("ix_idempotency_key_claimed_at", "claimed_at"),
    )


TABLE = define(MetaData())

CLAIM = text(
    """
    INSERT INTO idempotency_key (actor_id, key, fingerprint, resource_id)
    VALUES (:actor_id, :key, :fingerprint, :resource_id)
    ON CONFLICT (actor_id, key) DO UPDATE SET fingerprint = excluded.fingerprint,
        resource_id = excluded.resource_id, claimed_at = app_now()
    WHERE idempotency_key.claimed_at <= app_now() - CAST(:kept AS interval)
    RETURNING key
    """
)


def fingerprint(hash_key: bytes, content: bytes) -> bytes:
    """Return a hash of *content* that is worth nothing without the key: HMAC-SHA-256."""
    return hmac.digest(hash_key, content, hashlib.sha256)


async def claim_write(
    session: AsyncSession, *, key: str, actor_id: str, fingerprint: bytes, resource_id: UUID
) -> Claim:
    """Say whether this write is the first of its kind, a repetition, or another under its key."""
    values = {
        "actor_id": actor_id,
        "key": key,
        "fingerprint": fingerprint,
        "resource_id": resource_id,
        "kept": KEPT,
    }
    if (await session.execute(CLAIM, values)).one_or_none() is not None:
        return Claim.FRESH
    earlier = (
        await session.execute(
            select(TABLE.c.fingerprint, TABLE.c.resource_id).where(
                TABLE.c.actor_id == actor_id, TABLE.c.key == key
            )
        )
    ).one()
    same = hmac.compare_digest(earlier.fingerprint, fingerprint)
    return Claim.REPLAY if same and earlier.resource_id == resource_id else Claim.MISMATCH


async def sweep(session: AsyncSession) -> int:
    """Remove keys that have expired; return how many."""
    expired = delete(TABLE).where(TABLE.c.claimed_at <= func.app_now() - SWEPT)
    return len((await session.execute(expired.returning(TABLE.c.key))).all())
