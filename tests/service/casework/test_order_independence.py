"""Recorded events, shuffled and repeated, end in the same tables."""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from services.casework.tables.participants import Intake, ParticipantReferral
from services.casework.tables.timeline import TimelineEntry
from services.casework.worker import subscriptions
from shared.db.session import Scope, Sessions
from shared.events.base import Event
from shared.messaging.delivery import Done, deliver_all
from tests.builders import a_story
from tests.conftest import SessionsFor

PROGRAMMES = ("alder-county", "birch-county")
RECORDED = [event for number in range(4) for event in a_story(programme_id=PROGRAMMES[number % 2])]


async def handled(sessions: Sessions, events: Sequence[Event]) -> dict[str, Any]:
    """Handle *events* from an empty schema, and return what the tables hold then."""
    async with sessions.begin() as session:
        for table in ("intake", "participant_referral", "participant", "timeline_entry"):
            for programme in PROGRAMMES:
                await _delete(session, table, programme)
        await session.execute(text("DELETE FROM inbox"))
        await session.execute(text("DELETE FROM task"))
    for subscription in subscriptions.all:
        wanted = [event for event in events if subscription.wants(event)]
        for outcome in await deliver_all(subscription, wanted, sessions):
            assert outcome == Done()
    return {programme: await _tables(sessions, programme) for programme in PROGRAMMES}


async def _delete(session: Any, table: str, programme: str) -> None:
    await session.execute(
        text("SELECT set_config('app.programme_id', :programme, true)"), {"programme": programme}
    )
    await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of our own tables


async def _tables(sessions: Sessions, programme: str) -> dict[str, list[tuple[Any, ...]]]:
    async with sessions.begin(Scope(programme, "test")) as session:
        entries = await session.scalars(select(TimelineEntry).order_by(TimelineEntry.id))
        intakes = await session.execute(
            select(Intake.referral_id, Intake.pathway, Intake.received_at, Intake.state)
            .join(ParticipantReferral, ParticipantReferral.referral_id == Intake.referral_id)
            .order_by(Intake.referral_id)
        )
        tasks = await session.execute(
            text("SELECT kind, aggregate_id FROM task WHERE programme_id = :p ORDER BY 2"),
            {"p": programme},
        )
        return {
            "timeline": [
                (
                    each.id,
                    each.source_id,
                    each.kind,
                    each.version,
                    each.happened_at,
                    str(each.detail),
                )
                for each in entries
            ],
            "intakes": [tuple(row) for row in intakes],
            "tasks": [tuple(row) for row in tasks],
        }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(RECORDED),
    repeated=st.lists(st.sampled_from(RECORDED)),
    seed=st.integers(),
)
async def test_shuffled_and_repeated_events_end_in_the_same_tables(
    sessions_for: SessionsFor, order: list[Event], repeated: list[Event], seed: int
) -> None:
    sessions = sessions_for("casework")
    events = [*order, *repeated]
    Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret

    assert await handled(sessions, events) == await handled(sessions, RECORDED)
