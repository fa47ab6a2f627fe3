"""What became of handing something over, and what to do when that is not known.

A result that is in doubt is not repeated in silence: a second mail is a small harm, so what is
urgent is sent again, but whatever can wait stops and shows as *unknown*.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

# A notice this old is no news: a consumer that is new and reads all history mails nobody.
TOO_LATE_AFTER = timedelta(hours=24)


class Channel(StrEnum):
    MAIL = "mail"
    LIST = "list"  # the notices that one reads after signing in


class State(StrEnum):
    PLANNED = "planned"
    HANDED_OVER = "handed_over"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why something was not handed over, or why nobody can say."""

    TOO_LATE = "too_late"
    NO_ADDRESS = "no_address"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    NO_BASIS = "no_basis"
    GRANT_EXPIRED = "grant_expired"
    ANSWER_LOST = "answer_lost"


# Whatever has ended stays as it is: nothing is handed over twice on purpose.
NEXT: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.HANDED_OVER, State.SUPPRESSED, State.FAILED, State.UNKNOWN}),
    State.HANDED_OVER: frozenset(),
    State.SUPPRESSED: frozenset(),
    State.FAILED: frozenset(),
    State.UNKNOWN: frozenset(),
}


def may_become(state: State) -> frozenset[State]:
    """Return the states from which a delivery may move to *state*."""
    return frozenset(each for each in State if state in NEXT[each])


def too_late(caused_at: datetime, *, now: datetime) -> bool:
    return now - caused_at > TOO_LATE_AFTER


def reason_not_to_mail(
    *, caused_at: datetime, now: datetime, in_doubt: bool, urgent: bool, address: str | None
) -> tuple[State, Reason] | None:
    """Return why a planned mail is not to be sent now, and what it is instead; None: send it."""
    reason = None
    if address is None:
        reason = Reason.NO_ADDRESS
    elif too_late(caused_at, now=now):
        reason = Reason.TOO_LATE
    if in_doubt and (reason is not None or not urgent):
        return State.UNKNOWN, Reason.INTERRUPTED
    return None if reason is None else (State.SUPPRESSED, reason)


def refused_grant(*, asked_before: bool) -> tuple[State, Reason]:
    """Return what a refusal means: a grant is single use, and one may have been lost."""
    if asked_before:
        return State.UNKNOWN, Reason.ANSWER_LOST
    return State.SUPPRESSED, Reason.NO_BASIS
