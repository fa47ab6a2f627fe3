"""Whom a referral might be about: what is compared, and what speaks for one person.

A rule proposes and a worker decides. Reasons are codes that a worker can check; the score only
orders them. Names are spelled by ear at the roadside, so they are compared by sound and by shape.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import jellyfish

PHONE_DIGITS = 7  # without country and area code, which people leave out
ALIKE = 0.88  # Jaro-Winkler, 1 is equal: tells Birch from Burch, and keeps Birch from Beech apart


class Reason(StrEnum):
    SAME_DATE_OF_BIRTH = "same_date_of_birth"
    SAME_PHONE = "same_phone"
    SIMILAR_NAME = "similar_name"
    SOUNDS_ALIKE = "sounds_alike"
    SWAPPED_NAMES = "swapped_names"


# What each reason weighs of a hundred. A name alone, however alike, proposes nothing, and neither
# does a birthday.
WEIGHT: Mapping[Reason, int] = {
    Reason.SAME_DATE_OF_BIRTH: 40,
    Reason.SAME_PHONE: 35,
    Reason.SIMILAR_NAME: 30,
    Reason.SOUNDS_ALIKE: 25,
    Reason.SWAPPED_NAMES: 20,
}
PROPOSED_FROM = 60
MOST = 100


@dataclass(frozen=True, slots=True)
class Described:
    """A person as one referral describes them; anything may be missing."""

    name: str | None
    date_of_birth: date | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for two descriptions being of one person."""

    score: int
    reasons: tuple[Reason, ...]


def compare(one: Described, other: Described) -> Likeness | None:
    """Return what speaks for one person, or None if it is too little to ask a worker."""
    reasons = tuple(reason for reason, holds in HOLDS.items() if holds(one, other))
    score = min(sum(WEIGHT[reason] for reason in reasons), MOST)
    return Likeness(score, reasons) if score >= PROPOSED_FROM else None


def keys(person: Described) -> Iterator[tuple[str, str]]:
    """Yield what candidates are looked up by, as kind and text; stored as keyed hashes only."""
    if person.date_of_birth is not None:
        yield "date_of_birth", person.date_of_birth.isoformat()
    if digits := _digits(person.phone):
        yield "phone", digits
    for word in _words(person.name):
        yield "sound", jellyfish.metaphone(word)


def _same_date_of_birth(one: Described, other: Described) -> bool:
    return one.date_of_birth is not None and one.date_of_birth == other.date_of_birth


def _same_phone(one: Described, other: Described) -> bool:
    return bool(_digits(one.phone)) and _digits(one.phone) == _digits(other.phone)


def _similar_name(one: Described, other: Described) -> bool:
    return _alike(_words(one.name), _words(other.name))


def _sounds_alike(one: Described, other: Described) -> bool:
    mine, theirs = _sounds(one.name), _sounds(other.name)
    return bool(mine) and mine == theirs


def _swapped_names(one: Described, other: Described) -> bool:
    mine, theirs = _words(one.name), _words(other.name)
    return mine != theirs and _alike(mine, tuple(reversed(theirs)))


HOLDS: Mapping[Reason, Callable[[Described, Described], bool]] = {
    Reason.SAME_DATE_OF_BIRTH: _same_date_of_birth,
    Reason.SAME_PHONE: _same_phone,
    Reason.SIMILAR_NAME: _similar_name,
    Reason.SOUNDS_ALIKE: _sounds_alike,
    Reason.SWAPPED_NAMES: _swapped_names,
}


def _alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not mine or len(mine) != len(theirs):
        return False
    return all(
        jellyfish.jaro_winkler_similarity(one, other) >= ALIKE
        for one, other in zip(mine, theirs, strict=True)
    )


def _sounds(name: str | None) -> tuple[str, ...]:
    return tuple(jellyfish.metaphone(word) for word in _words(name))


def _words(name: str | None) -> tuple[str, ...]:
    """Return the name's words without accents, signs and case."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return tuple(re.findall(r"[a-z]+", plain))


def _digits(phone: str | None) -> str:
    digits = "".join(re.findall(r"[0-9]", phone or ""))
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""
