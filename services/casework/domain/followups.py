"""When to be in touch: the usual moments, in the person's own time and within their safe hours.

Hours are counted as hours. Days and months are counted on the person's calendar, so that a change
to or from daylight saving time leaves the time of day as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.transitions import sources_in

MONTHS_OF_A_YEAR = 12
LOOK_AHEAD_DAYS = 8  # some day of a week has the hour, whatever the clocks do


class FollowupKind(StrEnum):
    H24 = "h24"
    H72 = "h72"
    D7 = "d7"
    D30 = "d30"
    D90 = "d90"
    M6 = "m6"


class FollowupState(StrEnum):
    SCHEDULED = "scheduled"
    DUE = "due"
    COMPLETED = "completed"
    MISSED = "missed"
    CANCELLED = "cancelled"


# One may be in touch before it is due. What was missed stays missed: the next one stands.
NEXT: Mapping[FollowupState, frozenset[FollowupState]] = {
    FollowupState.SCHEDULED: frozenset(
        {FollowupState.DUE, FollowupState.COMPLETED, FollowupState.CANCELLED}
    ),
    FollowupState.DUE: frozenset(
        {FollowupState.COMPLETED, FollowupState.MISSED, FollowupState.CANCELLED}
    ),
    FollowupState.COMPLETED: frozenset(),
    FollowupState.MISSED: frozenset(),
    FollowupState.CANCELLED: frozenset({FollowupState.SCHEDULED}),  # when work goes on
}
sources_of = sources_in(NEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How long after enrolment, when it is late, and how long it may still be done."""

    hours: int = 0
    days: int = 0
    months: int = 0
    overdue_after: timedelta
    window: timedelta


# The first contact within 72 hours is what post-overdose teams aim at (NACo, osc-port); 30 days is
# Multnomah's deadline and Illinois' measure of engagement (5 ILCS 820/25). At six months GPRA
# counts from the fifth to the eighth month (SAMHSA, SPARS). The other moments are custom.
CADENCES: Mapping[FollowupKind, Cadence] = {
    FollowupKind.H24: Cadence(
        hours=24, overdue_after=timedelta(hours=4), window=timedelta(hours=24)
    ),
    FollowupKind.H72: Cadence(
        hours=72, overdue_after=timedelta(hours=12), window=timedelta(hours=48)
    ),
    FollowupKind.D7: Cadence(days=7, overdue_after=timedelta(days=1), window=timedelta(days=3)),
    FollowupKind.D30: Cadence(days=30, overdue_after=timedelta(days=2), window=timedelta(days=7)),
    FollowupKind.D90: Cadence(days=90, overdue_after=timedelta(days=3), window=timedelta(days=14)),
    FollowupKind.M6: Cadence(months=6, overdue_after=timedelta(days=7), window=timedelta(days=61)),
}


@dataclass(frozen=True, slots=True)
class SafeHours:
    """When the person may be reached, by the clock where they live."""

    time_zone: str
    from_time: time
    until_time: time


USUAL_HOURS = SafeHours("America/Los_Angeles", time(9), time(20))


@dataclass(frozen=True, slots=True)
class Planned:
    """One follow-up: when it would be, when it safely is, and until when it may be done."""

    kind: FollowupKind
    planned_for: datetime
    due_at: datetime
    window_ends_at: datetime


def plan(enrolled_at: datetime, hours: SafeHours) -> Iterator[Planned]:
    """Yield every follow-up of an episode in which the person agreed at *enrolled_at*."""
    for kind, cadence in CADENCES.items():
        planned_for = _after(enrolled_at, cadence, ZoneInfo(hours.time_zone))
        due_at = next_safe(planned_for, hours)
        yield Planned(kind, planned_for, due_at, due_at + cadence.window)


def is_overdue(*, kind: str, state: str, due_at: datetime, now: datetime) -> bool:
    """Return whether somebody should have been in touch by *now*."""
    waits = state == FollowupState.DUE
    return waits and now - due_at >= CADENCES[FollowupKind(kind)].overdue_after


def next_safe(moment: datetime, hours: SafeHours) -> datetime:
    """Return *moment* if it is within safe hours, or else the first moment after it that is.

    An hour that a day does not have, because the clocks go forward, is not used on that day; of an
    hour that it has twice, the first counts unless that is past.
    """
    if _is_safe(moment, hours):
        return moment
    zone = ZoneInfo(hours.time_zone)
    today = moment.astimezone(zone).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for fold in (0, 1):
            opening = datetime.combine(
                today + timedelta(days=ahead), hours.from_time, tzinfo=zone
            ).replace(fold=fold)
            found = opening.astimezone(UTC)
            if found >= moment and _is_safe(found, hours):
                return found
    raise ValueError("safe hours that no day has")


def _is_safe(moment: datetime, hours: SafeHours) -> bool:
    local = moment.astimezone(ZoneInfo(hours.time_zone)).time()
    return hours.from_time <= local < hours.until_time


def _after(moment: datetime, cadence: Cadence, zone: ZoneInfo) -> datetime:
    if cadence.hours:
        return moment + timedelta(hours=cadence.hours)
    local = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=cadence.days)
    return _months_later(local, cadence.months).replace(tzinfo=zone).astimezone(UTC)


def _months_later(local: datetime, months: int) -> datetime:
    """Return the same day *months* later, or the last day of a month that is too short."""
    count = local.year * MONTHS_OF_A_YEAR + local.month - 1 + months
    year, month = divmod(count, MONTHS_OF_A_YEAR)
    first = local.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    last = (following - timedelta(days=1)).day
    return first.replace(day=min(local.day, last))
