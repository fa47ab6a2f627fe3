"""What services know each by itself, and have to know alike: they never import one another."""

from services.casework.domain import eligibility_history, returns
from services.notify.domain import notices
from services.referral.domain import referrer_view
from services.referral.domain.eligibility import RepeatKind


def test_a_referrer_watches_reads_and_hears_by_the_same_two_hours() -> None:
    assert referrer_view.LIVE_FOR == returns.REFERRER_WATCHES_FOR == notices.RECEIVED_AFTER


def test_casework_judges_every_kind_of_rule_that_a_county_file_can_hold() -> None:
    known = {eligibility_history.NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END}
    assert {kind.value for kind in RepeatKind} == known
