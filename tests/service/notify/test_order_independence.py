"""Recorded events, shuffled and repeated, end in the same notices, timers and ledger."""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.notify.worker import subscriptions
from shared.db.session import Scope, Sessions
from shared.events.base import Event
from shared.events.casework import (
    FeedbackPublished,
    FollowupDue,
    FollowupMissed,
    MilestoneReached,
    ParticipantReturnAnnounced,
)
from shared.events.referral import HandoffExpired, HandoffOffered, StaffChanged
from shared.messaging.delivery import Done, deliver_all
from tests.builders import a_handoff_escalated, a_referral_created, an
from tests.conftest import SessionsFor

PROGRAMMES = ("alder-county", "birch-county")
OWN = {
    "notice": "recipient_role, recipient_id, kind, cause_id, referral_id, caused_at",
    "delivery": "id, notice_id, referral_id, recipient_id, channel, state, reason_code",
    "staff": "staff_id, role_codes, agency_id, active, version",
    "feedback_release": "id, agency_id, period_from, period_until, published_at",
}
SHARED = {"timer": "aggregate_id, due_at, payload", "task": "kind, aggregate_id"}


def story(programme_id: str) -> list[Event]:
    """Return one of everything that notify hears."""
    of: dict[str, Any] = {"programme_id": programme_id}
    referral_id, staff = uuid7(), uuid7()
    both = ["peer-willow", "manager-fern"]

    def changed(version: int, **others: Any) -> StaffChanged:
        return an(StaffChanged, **of, aggregate_id=staff, aggregate_version=version, **others)

    return [
        changed(1, role_codes=["peer"]),
        changed(2, role_codes=["peer", "case_manager"], agency_id=None),
        changed(3, role_codes=["case_manager"], active=False),
        a_referral_created(**of, referral_id=referral_id, referred_by="officer-hemlock"),
        an(HandoffOffered, **of, referral_id=referral_id, offered_to_ids=both),
        a_handoff_escalated(**of, referral_id=referral_id),
        an(HandoffOffered, **of, referral_id=referral_id, offered_to_ids=both[1:], rung=2),
        an(HandoffExpired, **of, referral_id=referral_id),
        an(FollowupDue, **of, assigned_ids=both),
        an(FollowupMissed, **of, assigned_ids=both),
        an(ParticipantReturnAnnounced, **of, staff_ids=both),
        an(MilestoneReached, **of, notice_id=uuid7()),
        an(FeedbackPublished, **of, release_id=uuid7()),
    ]


RECORDED = [event for programme in PROGRAMMES for event in story(programme)]


async def handled(sessions: Sessions, events: Sequence[Event]) -> dict[str, Any]:
    """Handle *events* from an empty schema, and return what the tables hold then."""
    for programme in PROGRAMMES:
        async with sessions.begin(Scope(programme, "test")) as session:
            for table in (*OWN, *SHARED, "inbox"):
                await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own tables
    for event in events:
        for subscription in subscriptions.all:
            if subscription.wants(event):
                assert await deliver_all(subscription, [event], sessions) == [Done()]
    found: dict[str, Any] = {}
    for programme in PROGRAMMES:
        async with sessions.begin(Scope(programme, "test")) as session:
            for table, columns in (OWN | SHARED).items():
                rows = await session.execute(
                    text(f"SELECT {columns} FROM {table} WHERE programme_id = :programme"),  # noqa: S608 - our own tables
                    {"programme": programme},
                )
                found[f"{programme} {table}"] = sorted(str(tuple(row)) for row in rows)
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(repeated=st.lists(st.sampled_from(RECORDED), max_size=12), seed=st.integers())
async def test_shuffled_and_repeated_events_end_in_the_same_notices(
    sessions_for: SessionsFor, repeated: list[Event], seed: int
) -> None:
    sessions = sessions_for("notify")
    events = [*RECORDED, *repeated]
    Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret

    expected = await handled(sessions, RECORDED)

    assert await handled(sessions, events) == expected
    assert {name.split()[1] for name, rows in expected.items() if rows} == set(OWN | SHARED)
