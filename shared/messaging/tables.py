"""The tables that delivery needs, the same in every service's schema.

`define(metadata)` adds them to a service's own metadata, for its migrations. The module's own
copies carry no schema: queries here name tables bare, and the role's search_path finds them.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


@dataclass(frozen=True, slots=True)
class MessagingTables:
    outbox: Table
    journal: Table
    relay_state: Table
    inbox: Table
    watermark: Table
    failed_delivery: Table
    timer: Table
    task: Table


def define(metadata: MetaData) -> MessagingTables:
    """Add the messaging tables to *metadata*."""
    return MessagingTables(
        outbox=_outbox(metadata),
        journal=_journal(metadata),
        relay_state=_relay_state(metadata),
        inbox=_inbox(metadata),
        watermark=_watermark(metadata),
        failed_delivery=_failed_delivery(metadata),
        timer=_timer(metadata),
        task=_task(metadata),
    )


def _moment(name: str, *, stamped: bool = False) -> Column[object]:
    default = text("now()") if stamped else None
    return Column(name, DateTime(timezone=True), nullable=False, server_default=default)


def _outbox(metadata: MetaData) -> Table:
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False),
        Column("subject", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("body", JSONB, nullable=False),
        _moment("committed_at", stamped=True),
    )


def _journal(metadata: MetaData) -> Table:
    return Table(
        "journal",
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("event_id", Uuid, nullable=False),
        Column("subject", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("body", JSONB, nullable=False),
        _moment("committed_at"),
        UniqueConstraint("event_id"),
        Index("ix_journal_aggregate_id", "aggregate_id"),  # erasing finds a person's events
    )


def _relay_state(metadata: MetaData) -> Table:
    return Table(
        "relay_state",
        metadata,
        Column("one", Boolean, primary_key=True, server_default=text("true")),
        Column("position", BigInteger, nullable=False, server_default=text("0")),
        Column("published", BigInteger, nullable=False, server_default=text("0")),
        CheckConstraint("one", name="single_row"),
        CheckConstraint("published <= position", name="numbered_before_published"),
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        _moment("handled_at", stamped=True),
    )


def _watermark(metadata: MetaData) -> Table:
    return Table(
        "watermark",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("subjects", Text, nullable=False),
        Column("position", BigInteger, nullable=False),
        _moment("checked_at", stamped=True),
    )


def _failed_delivery(metadata: MetaData) -> Table:
    return Table(
        "failed_delivery",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("body", JSONB, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("error", Text, nullable=False),
        _moment("first_failed_at", stamped=True),
        _moment("last_failed_at", stamped=True),
        _moment("retry_at"),
        CheckConstraint(
            "state IN ('retrying', 'parked', 'replaying', 'handled')", name="known_state"
        ),
        Index("ix_failed_delivery_state", "state", "last_failed_at"),
    )


def _timer(metadata: MetaData) -> Table:
    return Table(
        "timer",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("programme_id", Text, nullable=False),
        Column("payload", JSONB, nullable=False, server_default=text("'{}'")),
        Column("traceparent", Text),
        Column("request_id", Text),
        _moment("due_at"),
        _moment("try_at"),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        UniqueConstraint("kind", "aggregate_id"),
        Index("ix_timer_try_at", "try_at"),
        CheckConstraint("try_at >= due_at", name="never_early"),
    )


def _task(metadata: MetaData) -> Table:
    return Table(
        "task",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("programme_id", Text, nullable=False),
        Column("traceparent", Text),
        Column("request_id", Text),
        _moment("try_at", stamped=True),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("last_error", Text),
        UniqueConstraint("kind", "aggregate_id"),
        Index("ix_task_try_at", "try_at"),
    )


TABLES = define(MetaData())
