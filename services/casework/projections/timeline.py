"""The timeline: one entry per aggregate, telling the newest that is known of it.

The fold is a maximum over versions, so it gives the same entry in whatever order, and however
often, the events of an aggregate arrive.
"""

from collections.abc import Iterable
from uuid import UUID

from services.casework.domain.timeline import Entry
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated, ReferralCreated

# Everything the timeline tells of another service, by the entity it tells it of.
REFERRAL_EVENTS = (ReferralCreated,)
HANDOFF_EVENTS = (HandoffAccepted, HandoffEscalated)


def entry_from(event: Event) -> Entry:
    """Return what *event* makes of its aggregate's entry.

    Raises:
        TypeError: the timeline does not tell of such events.
    """
    match event:
        case ReferralCreated():
            return _entry(event, event.referral_id, "referral_created", pathway=event.pathway)
        case HandoffEscalated():
            return _entry(event, event.referral_id, "handoff_escalated", rung=event.rung)
        case HandoffAccepted():
            by = event.accepted_by
            return _entry(event, event.referral_id, "handoff_accepted", accepted_by=by)
        case _:
            raise TypeError(f"the timeline does not tell of {type(event).__name__}")


def _entry(event: Event, referral_id: UUID, kind: str, **detail: object) -> Entry:
    return Entry(
        source_kind=kind.split("_", maxsplit=1)[0],
        source_id=event.aggregate_id,
        programme_id=event.programme_id,
        referral_id=referral_id,
        kind=kind,
        happened_at=event.occurred_at,
        version=event.aggregate_version,
        detail=detail,
    )


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Return for each aggregate the entry of its highest version, in a fixed order."""
    best: dict[tuple[str, UUID], Entry] = {}
    for entry in entries:
        key = (entry.source_kind, entry.source_id)
        if key not in best or best[key].version < entry.version:
            best[key] = entry
    return [best[key] for key in sorted(best)]
