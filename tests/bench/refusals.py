"""Whether the time of a refusal tells if there is something: forbidden and missing, 1,000 of each.

What is asked next is drawn by lot, so that a machine that slows down meanwhile slows both. A guess
by the clock is right in half of all cases if the time says nothing, and always if it says all.
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from uuid_utils.compat import uuid7

from tests.bench.requests import POSSESSION, people, set_up
from tests.bench.stand import Stand, standing

TRIES = 1000
WARMING = 50
FORBIDDEN, MISSING = "forbidden", "missing"


@dataclass(frozen=True, slots=True)
class Guess:
    """Somebody who is refused, and where they ask."""

    what: str
    who: str
    service: str
    path: str


GUESSES = (
    Guess("a peer, of a record that is not theirs", "peer-rowan", "casework", "/participants/{}"),
    Guess("a peer, of its timeline", "peer-rowan", "casework", "/participants/{}/timeline"),
    Guess("an officer, of a record", "officer-hemlock", "casework", "/participants/{}"),
    Guess("an officer, of another's referral", "officer-sorrel", "referral", "/referrals/{}"),
)


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Return by guess how long both refusals take, and how often the clock tells them apart."""
    del seconds
    with standing(folder, services=("referral", "casework")) as stand:
        there: Mapping[str, Sequence[object]] = {
            "casework": people(stand, lines=1),
            "referral": _referrals(stand),
        }
        return {
            guess.what: _guessed(stand, guess, [str(each) for each in there[guess.service]], say)
            for guess in GUESSES
        }


def _referrals(stand: Stand) -> list[str]:
    set_up(stand)
    headers = stand.headers("officer-hemlock")
    made = [str(uuid7()) for _ in range(100)]
    for each in made:
        url = f"{stand.url('referral')}/referrals/{each}"
        httpx.put(url, content=POSSESSION, headers=headers).raise_for_status()
    return made


def _guessed(
    stand: Stand, guess: Guess, there: Sequence[str], say: Callable[[str], None]
) -> Mapping[str, Any]:
    taken: dict[str, list[float]] = {FORBIDDEN: [], MISSING: []}
    headers = stand.headers(guess.who)
    with httpx.Client(base_url=stand.url(guess.service), headers=headers) as http:
        asked = {
            FORBIDDEN: [http.build_request("GET", guess.path.format(each)) for each in there],
            MISSING: [http.build_request("GET", guess.path.format(uuid7())) for _ in there],
        }
        for each in asked[FORBIDDEN][:WARMING] + asked[MISSING][:WARMING]:
            _ask(http, each)
        for which in _drawn():
            taken[which].append(_ask(http, random.choice(asked[which])))  # noqa: S311 - a lot
    found = {
        "forbidden, ms": _middle(taken[FORBIDDEN]),
        "missing, ms": _middle(taken[MISSING]),
        "right guesses by the clock": round(told_apart(taken[FORBIDDEN], taken[MISSING]), 3),
    }
    say(f"{guess.what}: {found}")
    return found


def _drawn() -> Sequence[str]:
    lots = [FORBIDDEN, MISSING] * TRIES
    random.shuffle(lots)
    return lots


def _ask(http: httpx.Client, request: httpx.Request) -> float:
    began = time.perf_counter()
    answer = http.send(request)
    taken = time.perf_counter() - began
    if answer.status_code != HTTPStatus.NOT_FOUND:
        raise AssertionError(f"nobody should see this: {answer.status_code}")
    return taken * 1000


def told_apart(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how often the better of both guesses is right: 0.5 nothing is told, 1.0 everything.

    It is the share of pairs in which one took longer than the other, ties counted half
    (Mann and Whitney's U by the number of pairs).
    """
    ordered = sorted(other)
    below = sum((bisect_left(ordered, each) + bisect_right(ordered, each)) / 2 for each in one)
    share = below / (len(one) * len(other))
    return max(share, 1 - share)


def _middle(taken: Sequence[float]) -> float:
    return round(sorted(taken)[len(taken) // 2], 3)
