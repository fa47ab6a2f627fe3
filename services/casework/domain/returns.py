"""When those who knew a person may hear that the person is back.

Not while the referrer may still be watching: a worker who comes running would show that the person
is known (42 CFR 2.13: presence itself may not be acknowledged without consent).
"""

from datetime import datetime, timedelta

# As long as a referrer may watch the live handoff. No outcome reaches them sooner either: a yes
# told earlier would show that somebody was reached while they can still be at the scene.
REFERRER_WATCHES_FOR = timedelta(hours=2)


def announced_from(*, received_at: datetime, released_at: datetime | None) -> datetime:
    """Return the first moment at which the return may be announced."""
    latest = received_at + REFERRER_WATCHES_FOR
    return latest if released_at is None else min(released_at, latest)
