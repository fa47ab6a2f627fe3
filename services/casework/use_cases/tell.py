"""Tell what casework did: to the other services as an event, to the timeline as a line."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.projections.timeline import entry_from
from services.casework.store import timeline
from shared.events.casework import CaseworkEvent
from shared.messaging import outbox


def tell(session: AsyncSession, event: CaseworkEvent, **detail: Any) -> None:  # noqa: ANN401 - codes
    """Add *event* to the outbox and its line to the timeline, in the caller's transaction.

    *detail* holds codes that stay in casework: which need, what kind of contact.
    """
    outbox.add(session, event)
    timeline.add_entries(session, [entry_from(event, **detail)])
