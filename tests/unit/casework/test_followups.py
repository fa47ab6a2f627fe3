from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain.followups import (
    CADENCES,
    NEXT,
    USUAL_HOURS,
    FollowupKind,
    FollowupState,
    SafeHours,
    is_overdue,
    next_safe,
    plan,
)
from tests.builders import NOON

ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "America/Adak",
    "Asia/Kathmandu",
)
MOMENTS = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
HOURS = st.builds(
    lambda zone, begin, length: SafeHours(
        zone, time(begin), time(min(begin + length, 23), 59 if begin + length > 23 else 0)
    ),
    st.sampled_from(ZONES),
    st.integers(0, 22),
    st.integers(1, 24),
)


def local(moment: datetime, hours: SafeHours) -> time:
    return moment.astimezone(ZoneInfo(hours.time_zone)).time()


@given(MOMENTS, HOURS)
def test_a_follow_up_is_never_outside_safe_hours_and_never_early(
    moment: datetime, hours: SafeHours
) -> None:
    for each in plan(moment, hours):
        assert hours.from_time <= local(each.due_at, hours) < hours.until_time
        assert each.planned_for <= each.due_at < each.window_ends_at
        assert each.due_at - each.planned_for <= timedelta(days=2)


@given(MOMENTS, HOURS)
def test_the_next_safe_moment_is_the_first_and_is_its_own_next(
    moment: datetime, hours: SafeHours
) -> None:
    found = next_safe(moment, hours)

    assert next_safe(found, hours) == found
    if found > moment:
        assert not hours.from_time <= local(moment, hours) < hours.until_time


@given(MOMENTS, MOMENTS, HOURS)
def test_who_enrolled_later_is_not_called_earlier(
    one: datetime, other: datetime, hours: SafeHours
) -> None:
    first, second = sorted((one, other))
    for before, after in zip(plan(first, hours), plan(second, hours), strict=True):
        if before.kind in {FollowupKind.H24, FollowupKind.H72}:
            assert before.due_at <= after.due_at


@pytest.mark.parametrize("start", [date(2026, 3, 1), date(2026, 10, 26)])
def test_a_change_of_clocks_leaves_the_time_of_day_as_it_was(start: date) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    enrolled = datetime.combine(start, time(15, 30), tzinfo=zone)

    week = next(each for each in plan(enrolled.astimezone(UTC), USUAL_HOURS) if each.kind == "d7")

    assert week.due_at.astimezone(zone).time() == time(15, 30)
    assert week.due_at - enrolled.astimezone(UTC) != timedelta(days=7), "an hour was lost or won"


def test_an_hour_that_a_day_does_not_have_is_not_used_on_it() -> None:
    hours = SafeHours("America/Los_Angeles", time(2, 0), time(2, 45))
    before = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)  # half past one; at two it becomes three

    assert next_safe(before, hours).astimezone(ZoneInfo(hours.time_zone)).date() == date(2026, 3, 9)


def test_half_a_year_after_the_end_of_august_is_the_end_of_february() -> None:
    enrolled = datetime(2026, 8, 31, 19, 0, tzinfo=UTC)

    found = next(each for each in plan(enrolled, USUAL_HOURS) if each.kind == "m6")

    assert found.planned_for.astimezone(ZoneInfo(USUAL_HOURS.time_zone)).date() == date(2027, 2, 28)


@pytest.mark.parametrize("kind", list(FollowupKind))
def test_overdue_is_what_still_waits_after_its_time(kind: FollowupKind) -> None:
    late = NOON + CADENCES[kind].overdue_after

    assert is_overdue(kind=kind, state="due", due_at=NOON, now=late)
    assert not is_overdue(kind=kind, state="due", due_at=NOON, now=late - timedelta(seconds=1))
    for state in set(FollowupState) - {FollowupState.DUE}:
        assert not is_overdue(kind=kind, state=state, due_at=NOON, now=late)
    assert CADENCES[kind].overdue_after < CADENCES[kind].window


def test_what_ended_stays_ended_but_a_cancelled_one_can_be_planned_anew() -> None:
    assert NEXT[FollowupState.COMPLETED] == NEXT[FollowupState.MISSED] == frozenset()
    assert NEXT[FollowupState.CANCELLED] == {FollowupState.SCHEDULED}
