"""The timeline: one line per event, keyed by the event and by the aggregate it came from.

Adding a line that is there already changes nothing, so the same timeline stands in whatever order,
and however often, events arrive; and a line never moves once it is read.
"""

from typing import Any

from services.casework.domain.timeline import Entry
from shared.events.base import entity
from shared.events.casework import CaseworkEvent
from shared.events.referral import (
    HandoffAccepted,
    HandoffArrived,
    HandoffDeclined,
    HandoffDeparted,
    HandoffEscalated,
    HandoffExpired,
    HandoffMet,
    HandoffOffered,
    HandoffOfficerReleased,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    HandoffRequested,
    HandoffWithdrawn,
    ReferralCreated,
    ReferralEligibilityDecided,
    ReferralEvent,
    ReferralWithdrawn,
)

# Everything the timeline tells of another service, by the entity it tells it of.
REFERRAL_EVENTS = (ReferralCreated, ReferralEligibilityDecided, ReferralWithdrawn)
HANDOFF_EVENTS = (
    HandoffRequested,
    HandoffOffered,
    HandoffDeclined,
    HandoffEscalated,
    HandoffAccepted,
    HandoffDeparted,
    HandoffArrived,
    HandoffMet,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    HandoffOfficerReleased,
    HandoffExpired,
    HandoffWithdrawn,
)


def entry_from(event: ReferralEvent | CaseworkEvent, **more: Any) -> Entry:  # noqa: ANN401 - codes of any kind
    """Return the line that tells of *event*; *more* holds codes that the event may not carry.

    Its kind is entity and past tense of the subject: `handoff_accepted`.
    """
    _, _, past_tense, _ = event.subject.split(".")
    source_kind = entity(event.subject)
    stated = {name: value for name, value in event.payload().items() if value is not None}
    del stated["referral_id"]
    return Entry(
        id=event.event_id,
        source_kind=source_kind,
        source_id=event.aggregate_id,
        programme_id=event.programme_id,
        referral_id=event.referral_id,
        kind=f"{source_kind}_{past_tense}",
        happened_at=event.occurred_at,
        version=event.aggregate_version,
        detail=stated | more,
    )
