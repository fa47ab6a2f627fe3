from datetime import timedelta

import pytest

from services.referral.domain.handoff import NEXT, HandoffState, sources_of
from services.referral.domain.referrer_view import ReferrerStatus, status_for_referrer
from tests.builders import NOON


def test_every_state_has_its_moves_and_every_move_leads_to_a_state() -> None:
    assert set(NEXT) == set(HandoffState)
    assert {target for targets in NEXT.values() for target in targets} < set(HandoffState)


def test_an_accepted_handoff_moves_no_more() -> None:
    assert HandoffState.ACCEPTED not in {s for state in HandoffState for s in sources_of(state)}


def test_an_escalated_handoff_can_still_be_accepted_but_not_escalated_again() -> None:
    assert sources_of(HandoffState.ACCEPTED) == {HandoffState.REQUESTED, HandoffState.ESCALATED}
    assert sources_of(HandoffState.ESCALATED) == {HandoffState.REQUESTED}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (HandoffState.REQUESTED, ReferrerStatus.CALLING),
        (HandoffState.ESCALATED, ReferrerStatus.CALLING_MORE),
        (HandoffState.ACCEPTED, ReferrerStatus.ACCEPTED),
    ],
)
def test_a_waiting_referrer_sees_the_live_handoff_in_operational_words(
    state: HandoffState, status: ReferrerStatus
) -> None:
    now = NOON + timedelta(minutes=119)

    assert status_for_referrer(state, received_at=NOON, now=now) is status


@pytest.mark.parametrize("state", list(HandoffState))
def test_after_two_hours_every_referral_looks_the_same(state: HandoffState) -> None:
    now = NOON + timedelta(hours=2)

    assert status_for_referrer(state, received_at=NOON, now=now) is ReferrerStatus.RECEIVED
