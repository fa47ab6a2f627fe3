"""The audit log: who did or tried what, why, and how it was answered. Rows are only ever added.

An entry commits with what it tells of: no audit, no answer. It holds ids and codes, nothing that
was read or written. The application's role may insert and select, and no more.
"""

from typing import Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from shared.db import writes
from shared.policy.actor import Caller
from shared.policy.resource import Resource

Outcome = Literal["allowed", "denied"]


def define(metadata: MetaData) -> Table:
    """Add the audit log to *metadata*."""
    return Table(
        "audit_entry",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False, server_default=text("app_now()")),
        Column("actor_id", Text, nullable=False),
        Column("function", Text, nullable=False),
        Column("programme_id", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("resource_kind", Text, nullable=False),
        Column("resource_id", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("reason", Text),
        Column("request_id", Text, nullable=False),
        CheckConstraint("outcome IN ('allowed', 'denied')", name="known_outcome"),
        CheckConstraint("outcome = 'allowed' OR reason IS NOT NULL", name="denied_for_a_reason"),
    )


TABLE = define(MetaData())


def record(
    session: AsyncSession,
    caller: Caller,
    *,
    action: str,
    resource: Resource,
    outcome: Outcome,
    reason: str | None = None,
) -> None:
    """Add one entry, which stands if the caller's transaction commits."""
    row = {
        "id": uuid7(),
        "actor_id": caller.actor.actor_id,
        "function": caller.actor.function.value,
        "programme_id": resource.programme_id,
        "purpose": caller.purpose.value,
        "action": action,
        "resource_kind": resource.kind,
        "resource_id": resource.id,
        "outcome": outcome,
        "reason": reason,
        "request_id": caller.request_id,
    }
    writes.add(session, TABLE, row)
