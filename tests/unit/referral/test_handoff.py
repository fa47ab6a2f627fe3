from datetime import timedelta

import pytest

from services.referral.domain.handoff import NEXT, OPEN, HandoffState, sources_of, team_role
from services.referral.domain.ladder import DEFAULT_LADDER, first_with_somebody, rung_at
from services.referral.domain.referrer_view import (
    NEXT_STEP,
    WORDS,
    ReferrerStatus,
    role_for_referrer,
    status_for_referrer,
)
from tests.builders import NOON

S = HandoffState


def test_every_state_has_its_moves_and_every_move_leads_to_a_state() -> None:
    assert set(NEXT) == set(HandoffState)
    assert {target for targets in NEXT.values() for target in targets} < set(HandoffState)


def test_a_handoff_is_accepted_once_and_from_wherever_somebody_is_still_needed() -> None:
    assert sources_of(S.ACCEPTED) == OPEN == {S.REQUESTED, S.OFFERED, S.EXPIRED}


def test_nobody_is_called_any_more_once_somebody_accepted_or_it_was_taken_back() -> None:
    assert sources_of(S.OFFERED) == sources_of(S.EXPIRED) == {S.REQUESTED, S.OFFERED}


@pytest.mark.parametrize("state", [S.MET, S.PERSON_AGREED, S.PERSON_DECLINED])
def test_what_somebody_has_begun_with_the_person_cannot_be_taken_back(state: S) -> None:
    assert state not in sources_of(S.WITHDRAWN)


def test_steps_may_be_left_out_but_never_the_acceptance() -> None:
    assert sources_of(S.MET) == {S.ACCEPTED, S.ON_THE_WAY, S.ARRIVED}
    assert sources_of(S.PERSON_AGREED) == {S.MET, S.PERSON_DECLINED}


@pytest.mark.parametrize(
    ("on_duty", "begin", "number"),
    [
        ((True, True, True), 1, 1),
        ((False, True, True), 1, 2),
        ((False, False, True), 2, 3),
        ((False, False, False), 1, 1),
        ((True, False, False), 2, 2),
        ((True, True, True), 4, None),
    ],
)
def test_rungs_with_nobody_on_duty_are_passed_over_unless_nobody_is_at_all(
    on_duty: tuple[bool, ...], begin: int, number: int | None
) -> None:
    assert first_with_somebody(DEFAULT_LADDER, on_duty, begin=begin) == number


def test_there_is_no_rung_before_the_first_or_beyond_the_last() -> None:
    assert rung_at(DEFAULT_LADDER, 0) is None
    assert rung_at(DEFAULT_LADDER, 1) == DEFAULT_LADDER[0]
    assert rung_at(DEFAULT_LADDER, 4) is None


@pytest.mark.parametrize(
    ("state", "rung", "status"),
    [
        (S.REQUESTED, 0, "calling_the_team"),
        (S.OFFERED, 1, "offered"),
        (S.OFFERED, 2, "calling_more_people"),
        (S.ACCEPTED, 2, "accepted"),
        (S.ON_THE_WAY, 1, "on_the_way"),
        (S.ARRIVED, 1, "arrived"),
        (S.MET, 1, "arrived"),
        (S.PERSON_AGREED, 1, "arrived"),
        (S.PERSON_DECLINED, 1, "arrived"),
        (S.EXPIRED, 3, "nobody_available"),
        (S.WITHDRAWN, 1, "withdrawn"),
    ],
)
def test_a_waiting_referrer_sees_the_live_handoff_in_operational_words(
    state: S, rung: int, status: str
) -> None:
    now = NOON + timedelta(minutes=119)

    found = status_for_referrer(state, rung=rung, received_at=NOON, released_at=None, now=now)

    assert found.value == status


@pytest.mark.parametrize("state", list(HandoffState))
@pytest.mark.parametrize("rung", [0, 1, 3])
def test_after_two_hours_or_the_release_every_referral_looks_the_same(state: S, rung: int) -> None:
    late = NOON + timedelta(hours=2)
    found = {
        status_for_referrer(state, rung=rung, received_at=NOON, released_at=released, now=now)
        for released, now in ((None, late), (NOON, NOON), (NOON, late))
    }

    assert found == {ReferrerStatus.RECEIVED}


def test_there_are_words_for_every_state_and_a_next_step_for_every_status() -> None:
    assert set(WORDS) == set(HandoffState)
    assert set(NEXT_STEP) == set(ReferrerStatus)


@pytest.mark.parametrize(
    ("roles", "as_what"),
    [
        ({"peer"}, "peer"),
        ({"coordinator", "case_manager"}, "case_manager"),
        ({"coordinator", "operator"}, "coordinator"),
        ({"operator"}, None),
        (set(), None),
    ],
)
def test_whoever_has_several_roles_comes_as_the_one_nearest_to_the_person(
    roles: set[str], as_what: str | None
) -> None:
    assert team_role(roles) == as_what


@pytest.mark.parametrize("status", ReferrerStatus)
def test_the_role_of_who_comes_is_shown_only_while_they_do(status: ReferrerStatus) -> None:
    comes = status in {"accepted", "on_the_way", "arrived"}

    assert role_for_referrer(status, "peer") == ("peer" if comes else None)
