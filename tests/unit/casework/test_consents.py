"""What a consent opens: everything must fit, and nothing else is needed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain.consents import (
    NEXT,
    TEXTS,
    Asked,
    ConsentFacts,
    ConsentState,
    NoticeKind,
    basis_among,
    latest_end,
    may_hold_until,
    opens,
)
from services.casework.domain.disclosures import (
    STATEMENTS,
    DisclosureState,
    shown_state,
)
from shared.events.casework import OfficerNotice
from tests.builders import NOON

REFERRAL, OTHER = UUID(int=1), UUID(int=2)
CONSENT = ConsentFacts(
    kind="officer_notice",
    referral_id=REFERRAL,
    recipient_kind="referrer",
    recipient_id="officer-hemlock",
    content_codes=("connected", "thank_you"),
    state="in_force",
    expires_at=NOON + timedelta(days=1),
)
ASKED = Asked(REFERRAL, "officer-hemlock", "connected")
WRONG: dict[str, Any] = {
    "kind": "court_progress",
    "referral_id": OTHER,
    "recipient_kind": "prosecutor",
    "recipient_id": "officer-sorrel",
    "content_codes": ("thank_you",),
    "state": "revoked",
    "expires_at": NOON,
}


def test_a_consent_opens_what_it_names() -> None:
    assert opens(CONSENT, ASKED, now=NOON)


@pytest.mark.parametrize("name", WRONG)
def test_one_thing_that_does_not_fit_is_enough_to_keep_it_closed(name: str) -> None:
    assert not opens(replace(CONSENT, **{name: WRONG[name]}), ASKED, now=NOON)
    assert set(WRONG) == set(ConsentFacts.__slots__)


@given(names=st.sets(st.sampled_from(sorted(WRONG)), min_size=1))
def test_nothing_makes_up_for_what_does_not_fit(names: set[str]) -> None:
    changed = replace(CONSENT, **{name: WRONG[name] for name in names})
    assert not opens(changed, ASKED, now=NOON)


def test_a_referral_without_a_referrer_has_nobody_to_tell() -> None:
    nobody = replace(CONSENT, recipient_id="None")
    assert not opens(nobody, Asked(REFERRAL, None, "connected"), now=NOON)


def test_the_first_that_opens_is_the_basis() -> None:
    closed = replace(CONSENT, state="expired")
    assert basis_among([closed, CONSENT, CONSENT], ASKED, now=NOON) == 1
    assert basis_among([closed], ASKED, now=NOON) is None


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (NOON, NOON.replace(year=2028)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2030, 2, 28, tzinfo=UTC)),
    ],
)
def test_a_consent_holds_two_years_at_most(now: datetime, latest: datetime) -> None:
    assert latest_end(now) == latest
    assert may_hold_until(latest, now=now)
    assert not may_hold_until(latest + timedelta(seconds=1), now=now)
    assert not may_hold_until(now, now=now)


def test_a_consent_that_ended_never_begins_again() -> None:
    assert {state for state, targets in NEXT.items() if targets} == {ConsentState.IN_FORCE}
    assert set(NEXT) == set(ConsentState)


def test_everything_that_can_be_told_has_words_in_both_languages() -> None:
    assert {kind.value for kind in NoticeKind} == set(get_args(OfficerNotice))
    for words in STATEMENTS.values():
        assert words.en
        assert words.es
    assert all(set(text) == {"en", "es"} for text in TEXTS.values())


@pytest.mark.parametrize("state", ["handed_over", "not_sent", "granted"])
def test_silence_is_read_as_unknown_and_nothing_else_is(state: str) -> None:
    before, after = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)
    assert shown_state(state, expires_at=NOON, real_now=before) == state
    late = shown_state(state, expires_at=NOON, real_now=after)
    assert late == (DisclosureState.UNKNOWN if state == "granted" else state)
