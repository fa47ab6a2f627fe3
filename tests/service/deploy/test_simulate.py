"""A simulated history in the databases: whole or not at all, and the services go on with it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from deploy.simulate.run import Keys, Order, simulate
from services.casework.worker import TIMERS, subscriptions
from shared.events.base import Event
from shared.messaging import timers
from shared.messaging.cloudevents import from_document
from shared.messaging.delivery import Done, deliver_all
from shared.messaging.repair import watermark
from shared.setting_kinds import KEY_BYTES
from tests.identity import LocalProvider
from tests.servers import Clock, Database, plain
from tests.service.apps import ServiceApp, running_app

KEYS = Keys(
    referral_key_encryption_key=bytes(KEY_BYTES),
    casework_key_encryption_key=bytes(KEY_BYTES),
    casework_hash_key=bytes(KEY_BYTES),
)
UNTIL = datetime.now(UTC).replace(microsecond=0)
PEOPLE = 60
HANDLED = {"inbox", "audit_entry"}
TABLES = """
SELECT table_name FROM information_schema.tables WHERE table_schema = 'casework' ORDER BY 1
"""


async def fill(database: Database) -> None:
    order = Order(people=PEOPLE, months=12, seed=3, until=UNTIL)
    await simulate(plain(database.admin_url), order, KEYS)


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> AsyncIterator[ServiceApp]:
    await fill(database)
    async with running_app("casework", database, LocalProvider(tmp_path)) as running:
        yield running


async def referral_events(app: ServiceApp) -> list[Event]:
    rows = await app.rows("SELECT body FROM referral.journal ORDER BY position")
    return [event for (body,) in rows if (event := from_document(body)) is not None]


async def tables(app: ServiceApp) -> dict[str, list[str]]:
    """Return every row of casework's own tables, as text."""
    every = "SELECT each::text FROM {} AS each ORDER BY 1"
    names = [name for (name,) in await app.rows(TABLES) if name not in HANDLED]
    return {name: [row for (row,) in await app.rows(every.format(name))] for name in names}


async def test_the_handlers_find_nothing_left_to_do(casework: ServiceApp) -> None:
    before = await tables(casework)
    await casework.rows("WITH gone AS (DELETE FROM inbox RETURNING 1) SELECT count(*) FROM gone")
    events = await referral_events(casework)
    for subscription in subscriptions.all:
        wanted = [event for event in events if subscription.wants(event)]
        for outcome in await deliver_all(subscription, wanted, casework.sessions):
            assert outcome == Done()
    after = await tables(casework)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert len(before["timeline_entry"]) > PEOPLE * 20


async def test_every_consumer_knows_every_event_as_handled(casework: ServiceApp) -> None:
    events = await referral_events(casework)
    for subscription in subscriptions.all:
        wanted = {event.event_id for event in events if subscription.wants(event)}
        handled = await casework.rows(
            "SELECT event_id FROM inbox WHERE consumer = :consumer", consumer=subscription.durable
        )
        assert {event_id for (event_id,) in handled} == wanted != set()
    [(heard,)] = await casework.rows("SELECT count(*) FROM notify.inbox")
    assert heard > 0


async def test_no_consumer_has_anything_to_read_again(casework: ServiceApp) -> None:
    [(head,)] = await casework.rows("SELECT position FROM referral.relay_state")
    for subscription in subscriptions.all:
        assert await watermark(casework.sessions, subscription) == head


@pytest.mark.parametrize("service", ["referral", "casework"])
async def test_the_journals_have_no_gap_and_are_published(
    casework: ServiceApp, service: str
) -> None:
    [(count, last)] = await casework.rows(
        f"SELECT count(*), max(position) FROM {service}.journal"  # noqa: S608 - a service's name
    )
    state = await casework.rows(f"SELECT position, published FROM {service}.relay_state")  # noqa: S608
    assert count == last > PEOPLE
    assert state == [(last, last)]


async def test_staff_read_what_was_simulated(casework: ServiceApp) -> None:
    manager = casework.as_("coordinator-juniper")
    found = await casework.rows(
        "SELECT e.id, r.participant_id FROM episode e JOIN participant_referral r"
        " USING (referral_id) WHERE EXISTS (SELECT FROM goal g WHERE g.episode_id = e.id)"
    )
    assert found
    for episode_id, participant_id in found:
        page = await manager.get(f"/participants/{participant_id}/timeline?limit=50")
        goals = await manager.get(f"/episodes/{episode_id}/goals")
        assert page.status_code == goals.status_code == 200
        assert page.json()["items"]
        assert all("made-up goal" in each["words"] for each in goals.json()["items"])


async def test_identities_can_be_opened_by_who_may(casework: ServiceApp) -> None:
    [(referral_id,), *_] = await casework.rows("SELECT referral_id FROM intake")
    seen = await casework.as_("coordinator-juniper").get(f"/intakes/{referral_id}")
    assert seen.status_code == 200
    assert "Test Participant" in seen.text


async def test_followups_that_were_ahead_come_due(casework: ServiceApp, clock: Clock) -> None:
    waiting = "SELECT count(*) FROM followup WHERE state = 'scheduled'"
    [(ahead,)] = await casework.rows(waiting)
    [(failing,)] = await casework.rows("SELECT count(*) FROM timer WHERE attempts > 0")
    await clock.move(timedelta(days=400))
    while await timers.fire_due(casework.sessions, TIMERS, service="casework"):
        pass
    assert ahead > 0
    assert await casework.rows(waiting) == [(0,)]
    assert failing == 0
    assert await casework.rows("SELECT count(*) FROM timer") == [(0,)]


async def test_all_of_it_is_written_or_nothing(casework: ServiceApp) -> None:
    before = await tables(casework)
    with pytest.raises(asyncpg.UniqueViolationError):
        await fill(casework.database)
    assert await tables(casework) == before
