"""What leaves the programme says, what must go with it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.transitions import sources_in

VALID_FOR = timedelta(seconds=5)  # of real time: a grant is used at once or never


class Basis(StrEnum):
    """What allows it. Others (emergency, mandated report, audit, court order) may come."""

    CONSENT = "consent"


class Outcome(StrEnum):
    """What whoever was granted it says became of it."""

    HANDED_OVER = "handed_over"
    NOT_SENT = "not_sent"


class DisclosureState(StrEnum):
    """What the accounting shows; *unknown* is never kept, it is what silence is read as."""

    GRANTED = "granted"
    HANDED_OVER = "handed_over"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


NEXT: Mapping[DisclosureState, frozenset[DisclosureState]] = {
    DisclosureState.GRANTED: frozenset({DisclosureState.HANDED_OVER, DisclosureState.NOT_SENT}),
    DisclosureState.HANDED_OVER: frozenset(),
    DisclosureState.NOT_SENT: frozenset(),
}
sources_of = sources_in(NEXT)


@dataclass(frozen=True, slots=True)
class Words:
    en: str
    es: str


# Goes with every disclosure by consent: that the record is protected, that it may not be used
# against the person without their consent or a court's order, and that it goes no further (42 CFR
# 2.32(a)(1)), and what the consent covers (2.32(b)). In our own words, by version: what was said
# once can be said again later.
STATEMENTS: Mapping[int, Words] = {
    1: Words(
        "Federal confidentiality rules (42 CFR part 2) protect this record. Neither it nor"
        " testimony about it may be used or disclosed in any civil, criminal, administrative or"
        " legislative proceeding against the person, unless the person consents to that in"
        " writing or a court orders it under 42 CFR 2.64 or 2.65. Do not use it for anything else"
        " or pass it on, unless the person's written consent or 42 CFR part 2 permits it. The"
        " person consented to this one notice being told to you, who referred them, and to nothing"
        " more.",
        "Las normas federales de confidencialidad (42 CFR parte 2) protegen este registro. Ni el"
        " registro ni un testimonio sobre él pueden usarse o divulgarse en ningún procedimiento"
        " civil, penal, administrativo o legislativo contra la persona, salvo que ella lo consienta"
        " por escrito o un tribunal lo ordene conforme a 42 CFR 2.64 o 2.65. No lo use para nada"
        " más ni lo transmita, salvo que lo permita el consentimiento escrito de la persona o 42"
        " CFR parte 2. La persona consintió en que se le comunique a usted, que la derivó,"
        " únicamente este aviso, y nada más.",
    ),
}
STATEMENT_VERSION = max(STATEMENTS)


def shown_state(state: str, *, expires_at: datetime, real_now: datetime) -> DisclosureState:
    """Return what the accounting shows: a grant that ran out in silence may have been used."""
    if state == DisclosureState.GRANTED and expires_at < real_now:
        return DisclosureState.UNKNOWN
    return DisclosureState(state)
