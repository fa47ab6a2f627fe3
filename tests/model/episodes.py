"""Episodes and follow-ups as they have to be, once casework has heard everything."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
OPENS, CLOSES = time(9), time(20)
OK, CONFLICT = 200, 409
CLOSED_BY_A_PERSON = "unreachable"
HOURS = {"h24": 24, "h72": 72}
DAYS = {"d7": 7, "d30": 30, "d90": 90}
WINDOWS = {
    "h24": timedelta(hours=24),
    "h72": timedelta(hours=48),
    "d7": timedelta(days=3),
    "d30": timedelta(days=7),
    "d90": timedelta(days=14),
    "m6": timedelta(days=61),
}
DECEMBER = 12


@dataclass
class Followup:
    due_at: datetime
    window_ends_at: datetime
    state: str = "scheduled"

    def complete(self) -> int:
        if self.state in ("scheduled", "due"):
            self.state = "completed"
        return OK if self.state == "completed" else CONFLICT

    def time_passed(self, now: datetime) -> None:
        if self.state == "scheduled" and self.due_at <= now:
            self.state = "due"
        if self.state == "due" and self.window_ends_at <= now:
            self.state = "missed"


@dataclass
class Episode:
    referral: str
    state: str = "outreach"
    sequence: int = 1
    reason: str | None = None
    followups: dict[tuple[int, str], Followup] = field(default_factory=dict)

    @property
    def merged(self) -> bool:
        return self.reason == "merged"

    def enrol(self, at: datetime) -> int:
        if self.state not in ("outreach", "paused"):
            return OK if self.state == "enrolled" else CONFLICT
        self.state = "enrolled"
        for kind, due_at in planned(at).items():
            key = (self.sequence, kind)
            if key not in self.followups or self.followups[key].state == "cancelled":
                self.followups[key] = Followup(due_at, due_at + WINDOWS[kind])
        return OK

    def pause(self) -> int:
        if self.state != "enrolled":
            return OK if self.state == "paused" else CONFLICT
        self.state = "paused"
        self._cancel()
        return OK

    def close(self, reason: str) -> int:
        if self.state != "closed":
            self.state, self.reason = "closed", reason
            self._cancel()
        return OK

    def reopen(self) -> int:
        if self.state != "closed" or self.merged:
            return OK if self.state == "outreach" else CONFLICT
        self.state, self.reason, self.sequence = "outreach", None, self.sequence + 1
        return OK

    def _cancel(self) -> None:
        for each in self.followups.values():
            if each.state in ("scheduled", "due"):
                each.state = "cancelled"


def planned(enrolled_at: datetime) -> dict[str, datetime]:
    """Return when each follow-up is due: by the person's calendar and within safe hours."""
    local = enrolled_at.astimezone(ZONE)
    wanted = {kind: enrolled_at + timedelta(hours=hours) for kind, hours in HOURS.items()}
    for kind, days in DAYS.items():
        wanted[kind] = _at_wall_time(local.replace(tzinfo=None) + timedelta(days=days))
    wanted["m6"] = _at_wall_time(_half_a_year_on(local.replace(tzinfo=None)))
    return {kind: _next_safe(moment) for kind, moment in wanted.items()}


def _half_a_year_on(wall: datetime) -> datetime:
    month = wall.month + 6
    year, month = (wall.year + 1, month - DECEMBER) if month > DECEMBER else (wall.year, month)
    for day in range(wall.day, 0, -1):
        try:
            return wall.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _at_wall_time(wall: datetime) -> datetime:
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def _next_safe(moment: datetime) -> datetime:
    local = moment.astimezone(ZONE)
    if OPENS <= local.time() < CLOSES:
        return moment
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=ZONE).astimezone(UTC)
