"""Recorded events, shuffled and repeated, end in the same tables."""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.casework.worker import subscriptions
from shared.db.session import Scope, Sessions
from shared.events.base import Event
from shared.events.referral import (
    HandoffMet,
    HandoffOfficerReleased,
    HandoffPersonAgreed,
    ReferralEligibilityDecided,
)
from shared.messaging.delivery import Done, deliver_all
from tests.builders import a_story, an
from tests.conftest import SessionsFor

PROGRAMMES = ("alder-county", "birch-county")
# What holds programme rows, children first, with the columns that no order may change. Moments at
# which casework itself acted, and ids of the events it told, differ from run to run.
COMPARED = {
    "timeline_entry": "CASE WHEN source_kind IN ('referral', 'handoff') THEN id END,"
    " source_kind, kind,"
    " version, referral_id",
    "care_team_member": "episode_id, staff_id, role_code",
    "followup": "id, kind, state, version",
    "return_alert": "referral_id, staff_ids, announced_at IS NULL",
    "episode": "id, referral_id, state, version, sequence",
    "referral_fact": "referral_id, policy_id, stated_result, accepted_by, accepted_at, met_at,"
    " person_agreed_at, agreement_used, officer_released_at",
    "intake": "referral_id, pathway, received_at, state",
    "participant_referral": "referral_id",
    "participant": "merged_into_id",
}


def full_story(**overrides: Any) -> list[Event]:
    """Return one referral from its making to the person's yes."""
    story = a_story(**overrides)
    about = {"referral_id": story[0].aggregate_id, **overrides}
    handoff = about | {"aggregate_id": uuid7()}
    return [
        *story,
        an(ReferralEligibilityDecided, aggregate_id=story[0].aggregate_id, **about),
        an(HandoffMet, aggregate_version=4, **handoff),
        an(HandoffPersonAgreed, aggregate_version=5, **handoff),
        an(HandoffOfficerReleased, aggregate_version=6, **handoff),
    ]


RECORDED = [
    event for number in range(3) for event in full_story(programme_id=PROGRAMMES[number % 2])
]


async def handled(sessions: Sessions, events: Sequence[Event]) -> dict[str, Any]:
    """Handle *events* from an empty schema, and return what the tables hold then."""
    async with sessions.begin() as session:
        for programme in PROGRAMMES:
            await enter_as(session, programme)
            for table in COMPARED:
                await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own tables
        for table in ("inbox", "task", "timer"):
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own tables
    for subscription in subscriptions.all:
        wanted = [event for event in events if subscription.wants(event)]
        for outcome in await deliver_all(subscription, wanted, sessions):
            assert outcome == Done()
    return {programme: await tables(sessions, programme) for programme in PROGRAMMES}


async def enter_as(session: AsyncSession, programme: str) -> None:
    await session.execute(
        text("SELECT set_config('app.programme_id', :programme, true)"), {"programme": programme}
    )


async def tables(sessions: Sessions, programme: str) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    async with sessions.begin(Scope(programme, "test")) as session:
        for table, columns in COMPARED.items():
            rows = await session.execute(text(f"SELECT {columns} FROM {table}"))  # noqa: S608 - our own tables
            found[table] = sorted((tuple(row) for row in rows), key=str)
        for table in ("task", "timer"):
            rows = await session.execute(
                text(f"SELECT kind, aggregate_id FROM {table} WHERE programme_id = :p"),  # noqa: S608 - our own tables
                {"p": programme},
            )
            found[table] = sorted((tuple(row) for row in rows), key=str)
    return found


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(RECORDED),
    repeated=st.lists(st.sampled_from(RECORDED), max_size=20),
    seed=st.integers(),
)
async def test_shuffled_and_repeated_events_end_in_the_same_tables(
    sessions_for: SessionsFor, order: list[Event], repeated: list[Event], seed: int
) -> None:
    sessions = sessions_for("casework")
    events = [*order, *repeated]
    Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret

    assert await handled(sessions, events) == await handled(sessions, RECORDED)
