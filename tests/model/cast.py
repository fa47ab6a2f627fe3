"""Who plays, when a story begins and how time passes in it. Every person is made up."""

from datetime import UTC, datetime, timedelta

OFFICERS = ("officer-hemlock", "officer-sorrel")
PEOPLE = (
    {"name": "Test Participant Birch", "date_of_birth": "1990-01-31", "phone": "555-0142"},
    {"name": "Test Participant Maple", "date_of_birth": "1984-07-01", "phone": "555-0143"},
)
MANAGER = "manager-fern"
# In Oregon the clocks go forward on 14 March 2027 and back on 7 November 2027.
BEGINS = (
    datetime(2027, 1, 5, 17, tzinfo=UTC),
    datetime(2027, 3, 13, 4, 30, tzinfo=UTC),
    datetime(2027, 11, 6, 16, 15, tzinfo=UTC),
)
DAY = 60 * 24
MINUTES = (5, 5, 10, 10, 1, 4, 120, DAY, 3 * DAY, 8 * DAY, 30, 100 * DAY)
STORIES, STEPS_EACH = 20, 30
AGREED = ("acceptance", "meeting", "yes")
BEGINNINGS = ((AGREED,), (("acceptance",),), (AGREED, AGREED), ((), ()), ((), AGREED))
# What a few stories surely come to, because some begin there; and what many have to come to.
BY_A_FEW = {
    *("offered", "accepted", "person_agreed", "outreach", "enrolled", "closed", "merged"),
    *("scheduled", "cancelled"),
}
BY_MANY = BY_A_FEW | {
    *("on_the_way", "arrived", "met", "person_declined", "expired", "withdrawn", "paused"),
    *("unreachable", "due", "completed", "missed"),
}
MOST_REFERRALS = 4  # more of them, and each gets too few of the steps
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
BARELY = timedelta(seconds=30)
