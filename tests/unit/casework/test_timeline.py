from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain.timeline import Entry
from services.casework.projections.timeline import entry_from, newest
from shared.events.base import Event
from tests.builders import a_handoff_accepted, a_referral_created, a_story

STORIES = [event for _ in range(3) for event in a_story()]


def test_an_entry_is_keyed_by_the_aggregate_it_came_from() -> None:
    event = a_referral_created()

    entry = entry_from(event)

    assert (entry.source_kind, entry.source_id) == ("referral", event.referral_id)
    assert entry.kind == "referral_created"
    assert entry.detail == {"pathway": "officer_referral"}


def test_a_handoff_has_one_entry_that_tells_the_newest() -> None:
    story = a_story()

    entries = newest(map(entry_from, story))

    assert {entry.kind for entry in entries} == {"referral_created", "handoff_accepted"}


@given(st.lists(st.sampled_from(STORIES), max_size=30), st.randoms(use_true_random=False))
def test_the_fold_does_not_depend_on_order_or_repetition(
    events: list[Event], random: object
) -> None:
    shuffled = [*events, *events]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands over a Random

    assert newest(map(entry_from, shuffled)) == newest(map(entry_from, events))


@given(st.permutations(STORIES), st.integers(min_value=0, max_value=9))
def test_folding_in_two_parts_is_folding_at_once(events: list[Event], cut: int) -> None:
    first = newest(map(entry_from, events[:cut]))
    second: list[Entry] = newest(map(entry_from, events[cut:]))

    assert newest([*first, *second]) == newest(map(entry_from, events))


def test_accepting_before_the_referral_is_known_is_told_all_the_same() -> None:
    accepted = a_handoff_accepted()

    assert entry_from(accepted).detail == {"accepted_by": "peer-willow"}
