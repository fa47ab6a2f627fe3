"""A simulated history: the same for the same seed, whole, and believable."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from deploy.simulate.casework_books import LINES
from deploy.simulate.dice import Dice
from deploy.simulate.made_up import somebody
from deploy.simulate.rows import Rows
from deploy.simulate.run import Batch, Keys, Order, batches
from services.casework.tables.disclosures import Consent
from services.casework.tables.episodes import Episode
from services.casework.tables.participants import MatchCandidate
from services.casework.tables.work import Contact
from shared.db.writes import table_of
from shared.messaging.cloudevents import from_document, to_document

KEYS = Keys(
    referral_key_encryption_key=b"r" * 32,
    casework_key_encryption_key=b"c" * 32,
    casework_hash_key=b"h" * 32,
)
UNTIL = datetime(2026, 11, 1, tzinfo=UTC)


def simulated(*, seed: int = 1, people: int = 300) -> Batch:
    """Return everybody's rows and events, as if they were one batch."""
    order = Order(people=people, months=18, seed=seed, until=UNTIL)
    whole = Batch(Rows(), {"referral": [], "casework": []})
    for batch in batches(order, KEYS):
        whole.rows.take(batch.rows)
        for service, told in batch.told.items():
            whole.told[service] += told
    return whole


@pytest.fixture(scope="module")
def history() -> Batch:
    return simulated()


def test_the_same_seed_tells_the_same_and_another_seed_does_not() -> None:
    one, same, other = (simulated(seed=seed, people=20) for seed in (5, 5, 6))
    assert one.told == same.told
    assert one.told != other.told


def test_nothing_is_told_of_what_is_still_ahead(history: Batch) -> None:
    moments = [event.occurred_at for told in history.told.values() for event in told]
    assert max(moments) <= UNTIL
    assert (UNTIL - min(moments)).days > 17 * 30


def test_every_event_can_be_read_by_its_consumers(history: Batch) -> None:
    for event in (each for told in history.told.values() for each in told):
        assert from_document(to_document(event)) == event


def test_an_aggregate_tells_its_versions_in_their_order(history: Batch) -> None:
    versions: dict[object, list[int]] = {}
    for event in (each for told in history.told.values() for each in told):
        versions.setdefault((event.subject.split(".")[1], event.aggregate_id), []).append(
            event.aggregate_version
        )
    for found in versions.values():
        assert all(one <= other for one, other in pairwise(found)), found


def test_every_event_has_its_line(history: Batch) -> None:
    told = {event.event_id for events in history.told.values() for event in events}
    assert {line["id"] for line in history.rows.of(LINES)} == told


def test_it_has_what_a_programme_meets(history: Batch) -> None:
    episodes = history.rows.of(table_of(Episode))
    told = Counter(event.subject for events in history.told.values() for event in events)
    candidates = Counter(each["state"] for each in history.rows.of(table_of(MatchCandidate)))
    late = [
        contact
        for contact in history.rows.of(table_of(Contact))
        if (contact["logged_at"] - contact["started_at"]).days >= 1
    ]
    closed_for = {each["close_reason_code"] for each in episodes}
    assert {"completed", "moved", "unreachable", "declined", "merged"} <= closed_for
    assert told["deflection.participant.redeflected.v1"] > 20
    assert told["deflection.episode.paused.v1"] > 10  # custody
    assert told["deflection.handoff.expired.v1"] > 10
    assert candidates["linked"] > 20
    assert candidates["proposed"] + candidates["not_the_same"] + candidates["ask_later"] > 2
    assert len(late) > 100
    assert {each["state"] for each in history.rows.of(table_of(Consent))} >= {"in_force", "revoked"}


def test_everybody_is_obviously_made_up() -> None:
    dice = Dice(1)
    for _ in range(200):
        person = somebody(dice)
        assert person.name.startswith("Test Participant ")
        assert person.phone is None or person.phone.startswith("555-01")


def test_a_row_with_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="episode has no column colour"):
        Rows().add(table_of(Episode), {"colour": "green"})
