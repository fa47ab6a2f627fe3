"""What the referral service does besides answering requests: one timer, and telling its events."""

from services.referral.use_cases.call_team import NEXT_RUNG_TIMER, rung_is_over
from shared.http import idempotency, limits
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.worker import Work

# The referral service hears nothing: what a referrer sees cannot depend on a person's past.
subscriptions = Subscriptions(service="referral")


def make_work() -> Work:
    return Work(
        subscriptions=subscriptions,
        timers={NEXT_RUNG_TIMER: rung_is_over},
        sweeps=(idempotency.sweep, limits.sweep),
    )
