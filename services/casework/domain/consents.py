"""What a person consented to, how long that holds, and what it opens.

A consent opens exactly one thing: notices of the kinds it names to whoever made one referral. It is
judged by time whenever it is used, so nothing depends on the timer that marks it expired.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.transitions import sources_in

FEBRUARY_29 = (2, 29)


class ConsentKind(StrEnum):
    OFFICER_NOTICE = "officer_notice"


class RecipientKind(StrEnum):
    REFERRER = "referrer"


class NoticeKind(StrEnum):
    """All that can ever be said to a referrer about one person: nothing negative, no free text."""

    CONNECTED = "connected"
    WORKING_TOGETHER = "working_together"
    COMPLETED = "completed"
    THANK_YOU = "thank_you"


class DisclosurePurpose(StrEnum):
    """Why the person lets something leave (42 CFR 2.31(a)(5))."""

    TELL_REFERRER = "tell_referrer"


class SignedBy(StrEnum):
    """Who signed (42 CFR 2.31(a)(8)): the person, or who may for them (42 CFR 2.14, 2.15)."""

    PARTICIPANT = "participant"
    PARENT_OR_GUARDIAN = "parent_or_guardian"
    LEGAL_REPRESENTATIVE = "legal_representative"


class ConsentState(StrEnum):
    IN_FORCE = "in_force"
    REVOKED = "revoked"
    EXPIRED = "expired"


NEXT: Mapping[ConsentState, frozenset[ConsentState]] = {
    ConsentState.IN_FORCE: frozenset({ConsentState.REVOKED, ConsentState.EXPIRED}),
    ConsentState.REVOKED: frozenset(),
    ConsentState.EXPIRED: frozenset(),
}
sources_of = sources_in(NEXT)

# The texts that a person can have signed. Each says who tells what to whom, why, until when, and
# how to take it back (42 CFR 2.31(a)); a text that was signed is never changed, only followed.
TEXTS: Mapping[int, Mapping[str, str]] = {
    1: {
        "en": (
            "I allow the programme to tell the person who referred me only the notices ticked"
            " here, so that they hear that their referral mattered. This holds until the date"
            " written here. I can take it back at any time, by telling anybody of the programme;"
            " what was told before stays told. Taking part does not depend on it."
        ),
        "es": (
            "Autorizo al programa a comunicar a quien me derivó únicamente los avisos marcados"
            " aquí, para que sepa que su derivación sirvió. Vale hasta la fecha escrita aquí."
            " Puedo retirarla en cualquier momento, diciéndoselo a cualquier persona del"
            " programa; lo comunicado antes queda comunicado. Participar no depende de ello."
        ),
    },
}


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What decides whether a consent opens something."""

    kind: str
    referral_id: UUID
    recipient_kind: str
    recipient_id: str
    content_codes: tuple[str, ...]
    state: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One notice to whoever made one referral; None: nobody did, the person came by themself."""

    referral_id: UUID
    referred_by: str | None
    notice_kind: str


def latest_end(now: datetime) -> datetime:
    """Return until when a consent given *now* may hold: two years."""
    if (now.month, now.day) == FEBRUARY_29:
        return now.replace(year=now.year + 2, day=28)
    return now.replace(year=now.year + 2)


def may_hold_until(expires_at: datetime, *, now: datetime) -> bool:
    """Return whether a consent given *now* may end then (42 CFR 2.31(a)(7) asks that it ends)."""
    return now < expires_at <= latest_end(now)


def state_at(state: str, *, expires_at: datetime, now: datetime) -> ConsentState:
    """Return what a consent is by now, whether or not its timer has fired."""
    if state == ConsentState.IN_FORCE and expires_at <= now:
        return ConsentState.EXPIRED
    return ConsentState(state)


def opens(consent: ConsentFacts, asked: Asked, *, now: datetime) -> bool:
    """Return whether *consent* allows what is asked at this moment."""
    return (
        asked.referred_by is not None
        and consent.kind == ConsentKind.OFFICER_NOTICE
        and consent.recipient_kind == RecipientKind.REFERRER
        and consent.referral_id == asked.referral_id
        and consent.recipient_id == asked.referred_by
        and asked.notice_kind in consent.content_codes
        and state_at(consent.state, expires_at=consent.expires_at, now=now) is ConsentState.IN_FORCE
    )


def basis_among(consents: Iterable[ConsentFacts], asked: Asked, *, now: datetime) -> int | None:
    """Return the place of the first consent that opens what is asked; None if nothing does."""
    found = (place for place, each in enumerate(consents) if opens(each, asked, now=now))
    return next(found, None)
