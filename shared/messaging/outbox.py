"""Events leave a service by one door: a row in the transaction that made them true."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import writes
from shared.db.session import note_added
from shared.events.base import Event
from shared.messaging.cloudevents import to_document
from shared.messaging.tables import TABLES
from shared.observability.context import current_request_id, current_traceparent


def add(session: AsyncSession, event: Event) -> None:
    """Tell *event* if, and only if, the caller's transaction commits."""
    traced = event.model_copy(
        update={
            "traceparent": event.traceparent or current_traceparent(),
            "request_id": event.request_id or current_request_id(),
        }
    )
    row = {
        "event_id": event.event_id,
        "subject": event.subject,
        "aggregate_id": event.aggregate_id,
        "body": to_document(traced),
    }
    writes.add(session, TABLES.outbox, row)
    note_added(session, "events")
