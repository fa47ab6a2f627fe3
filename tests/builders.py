"""Builders: valid, minimal values with a fixed clock; a test states only what it is about."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated, ReferralCreated

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROGRAMME = "alder-county"
EXAMPLES = Path(__file__).parent / "contracts"

E = TypeVar("E", bound=Event)


@cache
def _example(subject: str) -> dict[str, Any]:
    shipped: list[dict[str, Any]] = json.loads((EXAMPLES / f"{subject}.json").read_text("utf-8"))
    return {name: value for name, value in shipped[-1].items() if name != "event_id"}


def an(kind: type[E], **overrides: Any) -> E:
    """Return an event of any kind as its newest example says, with an id of its own."""
    return kind.model_validate(_example(kind.subject) | overrides)


def a_referral_created(**overrides: Any) -> ReferralCreated:
    referral_id = overrides.pop("referral_id", None) or uuid7()
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "aggregate_id": referral_id,
        "aggregate_version": 1,
        "occurred_at": NOON,
        "referral_id": referral_id,
        "pathway": "officer_referral",
    }
    return ReferralCreated(**values | overrides)


def a_handoff_escalated(**overrides: Any) -> HandoffEscalated:
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "aggregate_id": uuid7(),
        "aggregate_version": 2,
        "occurred_at": NOON + timedelta(minutes=15),
        "referral_id": uuid7(),
        "rung": 1,
    }
    return HandoffEscalated(**values | overrides)


def a_handoff_accepted(**overrides: Any) -> HandoffAccepted:
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "aggregate_id": uuid7(),
        "aggregate_version": 3,
        "occurred_at": NOON + timedelta(minutes=20),
        "referral_id": uuid7(),
        "accepted_by": "peer-willow",
    }
    return HandoffAccepted(**values | overrides)


def a_story(referral_id: UUID | None = None, **overrides: Any) -> list[Event]:
    """Return one referral that was escalated and then accepted, in order."""
    about = referral_id or uuid7()
    handoff_id = uuid7()
    return [
        a_referral_created(referral_id=about, **overrides),
        a_handoff_escalated(referral_id=about, aggregate_id=handoff_id, **overrides),
        a_handoff_accepted(referral_id=about, aggregate_id=handoff_id, **overrides),
    ]
