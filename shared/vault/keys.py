"""Data keys: one per subject, wrapped, in a schema of their own apart from what they protect.

A destroyed key leaves its row behind without the key, so that nobody makes it anew by accident
and everything under it stays unreadable for ever.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    text,
)


def vault_schema(service: str) -> str:
    """Return the schema that holds the keys of *service*."""
    return f"{service}_vault"


def define(metadata: MetaData) -> Table:
    """Add the table of keys to a service's *metadata*, in the service's vault schema."""
    if metadata.schema is None:
        raise ValueError("keys live in a schema of their own, named after the service's")
    return table(metadata, schema=vault_schema(metadata.schema))


def table(metadata: MetaData, *, schema: str) -> Table:
    return Table(
        "data_key",
        metadata,
        Column("subject_id", Uuid, primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("wrapped", LargeBinary),
        Column(
            "made_at", DateTime(timezone=True), nullable=False, server_default=text("app_now()")
        ),
        Column("destroyed_at", DateTime(timezone=True)),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_has_no_key"
        ),
        schema=schema,
    )
