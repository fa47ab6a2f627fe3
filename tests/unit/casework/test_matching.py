from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain.matching import (
    PROPOSED_FROM,
    WEIGHT,
    Described,
    Reason,
    compare,
    keys,
)

BORN = date(1990, 1, 31)
BIRCH = Described("Test Participant Birch", BORN, "555-0142")

NAMES = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(["Ana Maria Roble", "Roble Ana"])
)
PEOPLE = st.builds(
    Described,
    name=NAMES,
    date_of_birth=st.one_of(st.none(), st.dates()),
    phone=st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["555-0142", "5550199"])),
)


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (Described("Test Participant Burch", BORN, None), {"same_date_of_birth", "similar_name"}),
        (Described("Birch", None, "(503) 555-0142"), None),
        (
            Described("Test Partisipant Birtch", None, "(503) 555-0142"),
            {"same_phone", "similar_name"},
        ),
        (Described("Birch Participant Test", BORN, None), {"same_date_of_birth", "swapped_names"}),
        (Described(None, BORN, "555-0142"), {"same_date_of_birth", "same_phone"}),
        (Described("Test Participant Birch", None, None), None),
        (Described(None, BORN, None), None),
        (Described("Test Participant Maple", BORN, None), None),
        (Described("Test Participant Birch", date(1991, 1, 31), "555-0199"), None),
    ],
)
def test_a_pair_is_proposed_when_more_than_one_thing_speaks_for_it(
    other: Described, reasons: set[str] | None
) -> None:
    found = compare(BIRCH, other)

    assert (reasons is None) == (found is None)
    if found is not None and reasons is not None:
        assert reasons <= set(found.reasons)


@given(PEOPLE, PEOPLE)
def test_comparing_does_not_depend_on_who_came_first(one: Described, other: Described) -> None:
    assert compare(one, other) == compare(other, one)


@given(PEOPLE, PEOPLE)
def test_whoever_is_proposed_shares_a_key_by_which_they_are_found(
    one: Described, other: Described
) -> None:
    if compare(one, other) is not None:
        assert set(keys(one)) & set(keys(other))


def test_no_reason_is_enough_by_itself_and_neither_is_a_name() -> None:
    assert max(WEIGHT.values()) < PROPOSED_FROM
    assert WEIGHT[Reason.SIMILAR_NAME] + WEIGHT[Reason.SOUNDS_ALIKE] < PROPOSED_FROM
