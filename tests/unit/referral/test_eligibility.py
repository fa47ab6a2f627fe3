"""The rule over everything that can be stated, whatever the county."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import (
    FactRule,
    Policy,
    PolicyVersion,
    RepeatKind,
    RepeatRule,
    Result,
    decide,
    judge,
    local_day,
    version_in_force,
)
from services.referral.domain.stated import QUESTIONS, Fact, Offence, Reason, Stated
from shared.events.referral import EligibilityResult, Pathway

POLICIES = tuple(county_policies().values())
SHIPPED = tuple(version for policy in POLICIES for version in policy.versions)

REPEAT_RULES = st.builds(
    RepeatRule, kind=st.sampled_from(RepeatKind), days=st.integers(min_value=1, max_value=3650)
)
OUTCOMES = st.sampled_from([Result.NOT_ELIGIBLE, Result.COORDINATOR_DECIDES])
FACT_RULES = st.builds(FactRule, fact=st.sampled_from(Fact), otherwise=OUTCOMES)
ANSWERS = st.sampled_from([True, False, None])
STATEMENTS = st.builds(
    Stated,
    pathway=st.sampled_from(get_args(Pathway)),
    offences=st.frozensets(st.sampled_from(Offence)),
    **{fact.value: ANSWERS for fact in Fact},
)
AT_AN_INTERVENTION = STATEMENTS.map(lambda stated: replace(stated, pathway="officer_intervention"))
VERSIONS = st.sampled_from(SHIPPED) | st.builds(
    replace, st.sampled_from(SHIPPED), facts=st.lists(FACT_RULES, max_size=6).map(tuple)
)


def with_answer(stated: Stated, fact: Fact, answer: bool | None) -> Stated:  # noqa: FBT001 - the answer itself
    answers: dict[str, Any] = {fact.value: answer}
    return replace(stated, **answers)


def an_open_county(**overrides: Any) -> PolicyVersion:
    """Return a version that covers possession and asks for nothing."""
    lenient = next(version for version in SHIPPED if version.policy_id == "multnomah")
    nothing: dict[str, Any] = {"facts": (), "reviews": (), "repeat": None}
    return replace(lenient, **nothing | overrides)


@given(stated=STATEMENTS, version=VERSIONS)
def test_every_statement_has_an_answer_with_reasons_in_the_order_of_the_codes(
    stated: Stated, version: PolicyVersion
) -> None:
    decision = decide(stated, version)

    assert decision.reasons
    assert list(decision.reasons) == [code for code in Reason if code in decision.reasons]
    assert (decision.policy_id, decision.policy_version) == (version.policy_id, version.number)
    assert decision == decide(stated, version)


@given(stated=STATEMENTS, version=VERSIONS)
def test_a_referral_without_an_offence_is_open_to_everybody(
    stated: Stated, version: PolicyVersion
) -> None:
    if stated.pathway != "officer_intervention":
        assert decide(stated, version).reasons == (Reason.NO_OFFENCE_INVOLVED,)
        assert decide(stated, version).result is Result.ELIGIBLE


@given(stated=AT_AN_INTERVENTION, version=VERSIONS, fact=st.sampled_from(Fact))
def test_what_is_not_stated_is_never_held_against_anybody(
    stated: Stated, version: PolicyVersion, fact: Fact
) -> None:
    # "Nothing to charge, and another crime": taking back the crime settles the contradiction.
    assume(fact is not Fact.OTHER_CRIME or stated.offences != {Offence.NONE})
    known = decide(stated, version).result
    forgotten = decide(with_answer(stated, fact, None), version).result

    assert forgotten in {known, Result.COORDINATOR_DECIDES}


@given(stated=AT_AN_INTERVENTION, version=VERSIONS)
def test_an_offence_that_nobody_stated_is_the_coordinators_to_find_out(
    stated: Stated, version: PolicyVersion
) -> None:
    assume(stated.offences != {Offence.NONE})
    known = decide(stated, version).result
    forgotten = decide(replace(stated, offences=frozenset()), version).result

    assert forgotten in {known, Result.COORDINATOR_DECIDES}


@pytest.mark.parametrize("version", SHIPPED, ids=lambda v: f"{v.policy_id}-{v.number}")
def test_who_states_nothing_is_turned_away_nowhere(version: PolicyVersion) -> None:
    decision = decide(Stated(pathway="officer_intervention"), version)

    assert decision.result is Result.COORDINATOR_DECIDES
    assert Reason.OFFENCE_NOT_STATED in decision.reasons


@given(stated=STATEMENTS, version=VERSIONS, repeat=st.none() | REPEAT_RULES)
def test_a_limit_on_coming_again_changes_nothing_that_is_told(
    stated: Stated, version: PolicyVersion, repeat: RepeatRule | None
) -> None:
    assert decide(stated, version) == decide(stated, replace(version, repeat=repeat))


@given(stated=STATEMENTS, policy=st.sampled_from(POLICIES), day=st.dates())
def test_any_day_has_an_answer(stated: Stated, policy: Policy, day: date) -> None:
    version = version_in_force(policy, day)
    decision = judge(stated, policy, day)

    if version is None:
        assert decision.policy_version == 0
        assert decision.result is not Result.NOT_ELIGIBLE
    else:
        assert decision == decide(stated, version)


@given(policy=st.sampled_from(POLICIES), after=st.integers(min_value=0, max_value=20_000))
def test_from_the_first_day_on_exactly_one_version_is_in_force(policy: Policy, after: int) -> None:
    day = policy.versions[0].effective_from + timedelta(days=after)

    assert [v for v in policy.versions if v.in_force_on(day)] == [version_in_force(policy, day)]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_before_the_first_day_none_is_and_each_change_happens_overnight(policy: Policy) -> None:
    first = policy.versions[0].effective_from
    assert version_in_force(policy, first - timedelta(days=1)) is None
    for earlier, later in pairwise(policy.versions):
        day = later.effective_from
        assert version_in_force(policy, day) is later
        assert version_in_force(policy, day - timedelta(days=1)) is earlier


def test_a_version_begins_at_midnight_in_the_county() -> None:
    pacific = ZoneInfo("America/Los_Angeles")

    assert local_day(datetime(2025, 10, 28, 6, 59, tzinfo=UTC), pacific) == date(2025, 10, 27)
    assert local_day(datetime(2025, 10, 28, 7, 0, tzinfo=UTC), pacific) == date(2025, 10, 28)


@pytest.mark.parametrize("fact", Fact)
@pytest.mark.parametrize("otherwise", [Result.NOT_ELIGIBLE, Result.COORDINATOR_DECIDES])
def test_each_fact_lets_in_by_one_answer_only(fact: Fact, otherwise: Result) -> None:
    version = an_open_county(facts=(FactRule(fact=fact, otherwise=otherwise),))
    possession = Stated(pathway="officer_intervention", offences=frozenset({Offence.POSSESSION}))
    question = QUESTIONS[fact]

    told = {
        answer: (decision.result, decision.reasons)
        for answer in (True, False, None)
        for decision in [decide(with_answer(possession, fact, answer), version)]
    }

    assert told == {
        question.passes: (Result.ELIGIBLE, (Reason.CRITERIA_MET,)),
        not question.passes: (otherwise, (question.contrary,)),
        None: (Result.COORDINATOR_DECIDES, (question.missing,)),
    }


def test_an_offence_beside_a_covered_one_is_never_overlooked() -> None:
    stated = Stated(
        pathway="officer_intervention",
        offences=frozenset({Offence.POSSESSION, Offence.OTHER}),
        other_crime=False,
    )

    decision = decide(stated, an_open_county())

    assert decision.result is Result.COORDINATOR_DECIDES
    assert decision.reasons == (Reason.OTHER_CRIME,)


def test_an_intervention_in_which_nothing_could_be_charged_is_a_plain_referral() -> None:
    nothing = Stated(pathway="officer_intervention", offences=frozenset({Offence.NONE}))

    assert decide(nothing, SHIPPED[0]).reasons == (Reason.NO_OFFENCE_INVOLVED,)
    contradictory = decide(replace(nothing, other_crime=True), SHIPPED[0])
    assert contradictory.result is not Result.ELIGIBLE


def test_the_words_agree() -> None:
    assert {fact.value for fact in Fact} == {f.name for f in fields(Stated)} - {
        "pathway",
        "offences",
    }
    assert set(QUESTIONS) == set(Fact)
    assert set(Result) == set(get_args(EligibilityResult))
