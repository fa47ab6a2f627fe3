import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain.timeline import AUDIENCES, hidden_from
from services.casework.projections.timeline import HANDOFF_EVENTS, REFERRAL_EVENTS, entry_from
from shared.events.base import CATALOGUE
from shared.events.casework import NeedIdentified
from shared.events.referral import ReferralEvent
from tests.builders import a_handoff_accepted, a_referral_created, an


def test_a_line_is_keyed_by_its_event_and_names_the_aggregate_it_came_from() -> None:
    event = a_referral_created()

    entry = entry_from(event)

    assert entry.id == event.event_id
    assert (entry.source_kind, entry.source_id) == ("referral", event.referral_id)
    assert entry.kind == "referral_created"
    assert entry.detail == {"pathway": "officer_referral"}


@given(st.sampled_from([*REFERRAL_EVENTS, *HANDOFF_EVENTS]))
def test_every_event_of_a_referral_makes_a_line_of_its_own_kind(kind: type[ReferralEvent]) -> None:
    _, entity, past_tense, _ = kind.subject.split(".")

    assert entry_from(an(kind)).kind == f"{entity}_{past_tense}"


def test_the_timeline_tells_everything_that_referral_tells_of_a_referral() -> None:
    told = {kind for kind in CATALOGUE.values() if issubclass(kind, ReferralEvent)}

    assert told == {*REFERRAL_EVENTS, *HANDOFF_EVENTS}


def test_a_line_may_say_more_than_the_event_may_carry() -> None:
    assert entry_from(an(NeedIdentified), need_code="housing").detail["need_code"] == "housing"


def test_accepting_before_the_referral_is_known_is_told_all_the_same() -> None:
    accepted = a_handoff_accepted()

    assert entry_from(accepted).detail == {"accepted_by": "peer-willow"}


def test_every_kind_with_an_audience_is_told_by_some_event_and_says_why() -> None:
    told = {"_".join(subject.split(".")[1:3]) for subject in CATALOGUE}

    assert set(AUDIENCES) <= told
    assert all(audience.because.endswith(".") for audience in AUDIENCES.values())


@pytest.mark.parametrize(
    ("roles", "hidden"),
    [
        ({"coordinator"}, set()),
        ({"case_manager"}, set()),
        ({"peer", "case_manager"}, set()),
        ({"peer"}, {"referral_eligibility_decided", "disclosure_made"}),
        (set(), set(AUDIENCES)),
    ],
)
def test_what_is_hidden_depends_on_the_widest_of_ones_roles(
    roles: set[str], hidden: set[str]
) -> None:
    assert hidden_from(roles) == hidden
