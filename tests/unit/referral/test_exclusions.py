"""What a county excludes can be read beforehand: nothing is held against a statement unlisted."""

from dataclasses import replace

from hypothesis import given

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import PolicyVersion, Result, decide
from services.referral.domain.exclusions import exclusions
from services.referral.domain.stated import QUESTIONS, Reason, Stated
from tests.unit.referral.test_eligibility import AT_AN_INTERVENTION, VERSIONS

NOT_STATED = {Reason.OFFENCE_NOT_STATED, *(each.missing for each in QUESTIONS.values())}
NOT, COORDINATOR = Result.NOT_ELIGIBLE, Result.COORDINATOR_DECIDES


@given(stated=AT_AN_INTERVENTION, version=VERSIONS)
def test_whatever_is_held_against_a_statement_can_be_read_beforehand(
    stated: Stated, version: PolicyVersion
) -> None:
    told = decide(stated, version)

    if told.result is not Result.ELIGIBLE:
        listed = {reason for result, reason in exclusions(version) if result is told.result}
        assert set(told.reasons) <= listed | NOT_STATED


def test_each_exclusion_is_listed_with_what_follows_the_weightiest_first() -> None:
    lane = county_policies()["lane"].versions[1]
    deschutes = county_policies()["deschutes"].versions[0]

    assert exclusions(lane) == (
        (NOT, Reason.OFFENCE_NOT_COVERED),
        (NOT, Reason.OTHER_CRIME),
        (NOT, Reason.VICTIM_DOES_NOT_CONSENT),
        (NOT, Reason.NOT_AN_ADULT),
        (NOT, Reason.NOT_A_RESIDENT),
        (NOT, Reason.EXCLUDED_CONVICTION),
        (NOT, Reason.NOT_WILLING),
    )
    assert exclusions(deschutes) == (
        (NOT, Reason.EXCLUDED_CONVICTION),
        (NOT, Reason.COMBATIVE),
        (NOT, Reason.NOT_WILLING),
        (COORDINATOR, Reason.OFFENCE_NOT_COVERED),
        (COORDINATOR, Reason.OTHER_CRIME),
        (COORDINATOR, Reason.OPEN_CHARGES),
        (COORDINATOR, Reason.CRITERIA_NOT_ALL_PUBLISHED),
    )


def test_a_limit_on_coming_again_is_no_exclusion() -> None:
    multnomah = county_policies()["multnomah"].versions[0]

    assert multnomah.repeat is not None
    assert exclusions(multnomah) == exclusions(replace(multnomah, repeat=None))
