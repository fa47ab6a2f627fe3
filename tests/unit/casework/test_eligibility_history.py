"""Whether somebody may come again by the county's rule."""

from datetime import UTC, datetime, timedelta

import pytest

from services.casework.domain.eligibility_history import End, RepeatResult, RepeatRule, judge

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS_30 = RepeatRule(
    policy_id="multnomah",
    policy_version=1,
    kind="not_within_days_of_unsuccessful_end",
    days=30,
)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], RepeatResult.MET),
        ([End(NOW - timedelta(days=29), "declined")], RepeatResult.NOT_MET),
        ([End(NOW - timedelta(days=29), "unreachable")], RepeatResult.NOT_MET),
        ([End(NOW - timedelta(days=30), "declined")], RepeatResult.MET),
        ([End(NOW - timedelta(days=30) + SECOND, "declined")], RepeatResult.NOT_MET),
        ([End(NOW, "declined")], RepeatResult.NOT_MET),
        ([End(NOW + SECOND, "declined")], RepeatResult.MET),
        ([End(NOW - timedelta(days=1), "completed")], RepeatResult.MET),
        ([End(NOW - timedelta(days=1), "incarcerated")], RepeatResult.MET),
        (
            [End(NOW - timedelta(days=1), "goals_met"), End(NOW - timedelta(days=9), "declined")],
            RepeatResult.NOT_MET,
        ),
    ],
)
def test_only_an_unsuccessful_end_within_the_days_stands_against_coming_again(
    ends: list[End], expected: RepeatResult
) -> None:
    assert judge(DAYS_30, ends, referred_at=NOW) == expected


def test_without_a_rule_nothing_is_judged_and_an_unknown_rule_is_said_to_be_so() -> None:
    ended = [End(NOW - timedelta(days=1), "declined")]
    unknown = RepeatRule(policy_id="x", policy_version=1, kind="once_in_a_lifetime", days=1)

    assert judge(None, ended, referred_at=NOW) == RepeatResult.NO_RULE
    assert judge(unknown, ended, referred_at=NOW) == RepeatResult.UNKNOWN_RULE
