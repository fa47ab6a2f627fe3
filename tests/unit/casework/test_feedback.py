"""What a released table says and hides, and that nobody can work out what it hides."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casework.domain.feedback import (
    MEASURES,
    THRESHOLD,
    WITHIN,
    PersonFacts,
    Row,
    quarter_from,
    shown,
    table_of,
)

NOON = datetime(2026, 7, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY_YET = PersonFacts(first_referred_at=NOON, accepted=False, met=False)
ACCEPTED = PersonFacts(first_referred_at=NOON, accepted=True, met=False)
WHOLE_WAY = PersonFacts(
    first_referred_at=NOON,
    accepted=True,
    met=True,
    enrolled_at=NOON + 3 * DAY,
    first_contact_at=NOON + DAY,
    last_contact_at=NOON + 40 * DAY,
    connected=True,
    completed=True,
)

Within = Mapping[str, tuple[str, ...]]
World = tuple[int, ...]
Seen = tuple[int | None, ...]


def by_code(rows: tuple[Row, ...]) -> dict[str, Row]:
    return {row.measure: row for row in rows}


def only(code: str, person: PersonFacts) -> bool:
    [measure] = [each for each in MEASURES if each.code == code]
    return measure.holds(person)


def worlds(within: Within, *, at_most: int, nested: bool) -> Iterator[World]:
    """Yield all counts there could be, the widest first: within the root, and *nested* if known."""
    codes = tuple(within)
    for world in product(range(at_most + 1), repeat=len(codes)):
        counts = dict(zip(codes, world, strict=True))
        if max(world) > world[0]:
            continue
        if nested and any(counts[c] > counts[w] for c in codes for w in within[c]):
            continue
        yield world


def seen_of(world: World, within: Within, *, threshold: int) -> Seen:
    counts = dict(zip(within, world, strict=True))
    visible = shown(counts, within, threshold=threshold)
    return tuple(counts[code] if code in visible else None for code in within)


def fewest_possible(within: Within, *, threshold: int, at_most: int, nested: bool) -> int:
    """Return how many values are possible, at the least, for a hidden cell of any table."""
    alike: dict[Seen, list[World]] = defaultdict(list)
    for world in worlds(within, at_most=at_most, nested=nested):
        alike[seen_of(world, within, threshold=threshold)].append(world)
    return min(
        len({world[at] for world in same})
        for seen, same in alike.items()
        for at, number in enumerate(seen)
        if number is None
    )


@st.composite
def relations(draw: st.DrawFn) -> Within:
    """One denominator, and up to three counts, each within some that come before it."""
    within: dict[str, tuple[str, ...]] = {"root": ()}
    for name in "abc"[: draw(st.integers(1, 3))]:
        within[name] = tuple(draw(st.sets(st.sampled_from(sorted(within)), min_size=1)))
    return within


@settings(max_examples=25, deadline=None)
@given(within=relations(), threshold=st.integers(2, 3), nested=st.booleans())
def test_a_hidden_cell_has_as_many_possible_values_as_the_threshold(
    *, within: Within, threshold: int, nested: bool
) -> None:
    found = fewest_possible(within, threshold=threshold, at_most=3 * threshold, nested=nested)

    assert found >= threshold


def test_the_brute_force_sees_it_when_a_hidden_cell_could_be_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def careless(counts: Mapping[str, int], _: Within, *, threshold: int) -> frozenset[str]:
        return frozenset(code for code, people in counts.items() if people != threshold - 1)

    monkeypatch.setitem(globals(), "shown", careless)

    assert fewest_possible({"root": (), "a": ("root",)}, threshold=3, at_most=9, nested=True) == 1


COUNTS = st.fixed_dictionaries({code: st.integers(0, 60) for code in WITHIN})


@given(COUNTS)
def test_nothing_shown_and_no_difference_of_what_belongs_together_is_below_the_threshold(
    counts: dict[str, int],
) -> None:
    counts = {code: min(people, counts["referred"]) for code, people in counts.items()}

    visible = shown(counts, WITHIN, threshold=THRESHOLD)

    assert all(counts[code] >= THRESHOLD for code in visible)
    assert not visible or "referred" in visible
    for code in visible - {"referred"}:
        assert counts["referred"] - counts[code] >= THRESHOLD
        for wider in set(WITHIN[code]) & visible:
            assert abs(counts[wider] - counts[code]) >= THRESHOLD


@pytest.mark.parametrize(
    ("accepted", "others", "visible"),
    [
        (0, 10, set()),
        (0, 11, {"referred"}),
        (10, 30, {"referred"}),
        (11, 11, {"referred", "accepted"}),
        (11, 10, {"referred"}),
        (30, 0, {"referred"}),
    ],
)
def test_eleven_people_on_each_side_are_needed(
    accepted: int, others: int, visible: set[str]
) -> None:
    rows = by_code(table_of([ACCEPTED] * accepted + [NOBODY_YET] * others))

    assert {code for code, row in rows.items() if row.shown} == visible


def test_a_hidden_row_has_no_number_and_a_shown_one_states_its_denominator() -> None:
    rows = by_code(table_of([ACCEPTED] * 30 + [NOBODY_YET] * 15))

    assert (rows["referred"].people, rows["referred"].of) == (45, None)
    accepted = rows["accepted"]
    assert (accepted.people, accepted.of, accepted.percent) == (30, 45, 66.7)
    assert (rows["met"].people, rows["met"].of, rows["met"].percent) == (None, None, None)


def test_somebody_met_was_accepted_in_whatever_order_it_was_told() -> None:
    met = PersonFacts(first_referred_at=NOON, accepted=False, met=True)

    assert only("accepted", met)


@pytest.mark.parametrize(
    ("after", "in_time"), [(0 * DAY, True), (30 * DAY, True), (30 * DAY + DAY / 24, False)]
)
def test_enrolled_counts_within_thirty_days_of_the_first_referral(
    *, after: timedelta, in_time: bool
) -> None:
    person = PersonFacts(first_referred_at=NOON, accepted=True, met=True, enrolled_at=NOON + after)

    assert only("enrolled", person) is in_time


@pytest.mark.parametrize(("last", "in_touch"), [(1, False), (30, False), (31, True), (90, True)])
def test_still_in_touch_counts_from_the_first_contact(*, last: int, in_touch: bool) -> None:
    person = PersonFacts(
        first_referred_at=NOON,
        accepted=True,
        met=True,
        first_contact_at=NOON + DAY,
        last_contact_at=NOON + last * DAY,
    )

    assert only("in_touch", person) is in_touch


def test_who_went_the_whole_way_counts_in_every_measure_and_who_did_not_only_as_referred() -> None:
    assert all(each.holds(WHOLE_WAY) for each in MEASURES)
    assert [each.code for each in MEASURES if each.holds(NOBODY_YET)] == ["referred"]


@pytest.mark.parametrize(
    ("begins", "until"),
    [
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_quarter_ends_where_the_next_begins(begins: date, until: date) -> None:
    assert quarter_from(begins).until == until


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 2, 1), date(9999, 10, 1)])
def test_a_day_on_which_no_quarter_begins_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match=r"quarter|year"):
        quarter_from(day)
