"""The loader reads what ships, and refuses each kind of mistake in a sentence with its place."""

import dataclasses

import pytest

from services.referral.domain.county_policies import (
    PolicyFileError,
    county_policies,
    read_policy,
)
from services.referral.domain.eligibility import RepeatKind, RepeatRule, Result
from services.referral.domain.stated import Fact, Offence, Reason

GOOD = """\
id = "birch"
county = "Birch County"

[[version]]
number = 1
effective_from = 2025-01-01
effective_from_confidence = "confirmed"
effective_until = 2025-06-30
uncovered_offence = "not_eligible"
source = [
  { key = "page", title = "A page", url = "https://example.org/a", confidence = "confirmed" },
  { key = "hearsay", title = "A rumour", url = "https://example.org/b", confidence = "lead" },
]
offences = [{ codes = ["possession"], source = "page" }]
facts = [{ fact = "adult", otherwise = "not_eligible", source = "page" }]
reviews = [{ reason = "prosecutor_decides", source = "page" }]
repeat = { kind = "not_within_days_of_unsuccessful_end", days = 30, source = "page" }

[[version]]
number = 2
effective_from = 2025-07-01
effective_from_confidence = "judgement"
uncovered_offence = "coordinator_decides"
source = [{ key = "page", title = "A page", url = "https://example.org/a", confidence = "news" }]
offences = [{ codes = ["theft_3"], victim_must_consent = true, source = "page" }]
"""

# What is planted, in place of what; and what the sentence must name.
MISTAKES = [
    pytest.param("[[version", "[version", "is no TOML", id="no TOML"),
    pytest.param('id = "birch"', 'id = "oak"', "id: the policy oak belongs in oak.toml", id="id"),
    pytest.param('county = "Birch County"\n', "", "county: Field required", id="missing"),
    pytest.param(
        "[[version]]\nnumber = 1",
        "[[version]]\nlenient = true\nnumber = 1",
        "version 1 lenient: is not known here",
        id="unknown key",
    ),
    pytest.param('"possession"', '"posession"', "version 1 offences 1 codes 1", id="offence"),
    pytest.param('["possession"]', "[]", "version 1 offences 1 codes", id="no offence"),
    pytest.param('"possession"', '"none"', "version 1: none and other", id="uncoverable"),
    pytest.param(
        '["possession"]', '["possession", "possession"]', "an offence stands twice", id="twice"
    ),
    pytest.param('"adult"', '"grown_up"', "version 1 facts 1 fact", id="fact"),
    pytest.param('"adult"', '"victim_consents"', "victim_must_consent", id="misplaced fact"),
    pytest.param(
        "facts = [",
        'facts = [{ fact = "adult", otherwise = "not_eligible", source = "page" }, ',
        "version 1: a fact stands twice",
        id="fact twice",
    ),
    pytest.param(
        'otherwise = "not_eligible"', 'otherwise = "eligible"', "facts 1 otherwise", id="result"
    ),
    pytest.param('"prosecutor_decides"', '"not_today"', "version 1 reviews 1 reason", id="reason"),
    pytest.param(
        '"prosecutor_decides"', '"criteria_met"', "reviews 1 reason", id="reason of another kind"
    ),
    pytest.param('"not_within_days', '"never_within_days', "repeat kind", id="repeat kind"),
    pytest.param("days = 30", "days = 0", "version 1 repeat days", id="repeat days"),
    pytest.param("days = 30", 'days = "30"', "version 1 repeat days", id="text for a number"),
    pytest.param("number = 2", "number = 3", "version 2: its number is 3", id="number"),
    pytest.param("2025-07-01", "2025-07-02", "version 2: does not begin the day after", id="gap"),
    pytest.param("2025-07-01", "2025-06-30", "version 2: does not begin the day", id="overlap"),
    pytest.param(
        "effective_until = 2025-06-30\n", "", "version 1: effective_until is missing", id="no end"
    ),
    pytest.param("2025-06-30", "2024-12-31", "until is before effective_from", id="backwards"),
    pytest.param("2025-01-01", "1925-01-01", "version 1 effective_from", id="long ago"),
    pytest.param("2025-01-01", '"2025-01-01"', "version 1 effective_from", id="text for a date"),
    pytest.param(
        "2025-01-01", "2025-01-01T00:00:00Z", "version 1 effective_from", id="time for a date"
    ),
    pytest.param(
        'codes = ["possession"], source = "page"',
        'codes = ["possession"]',
        "version 1 offences 1 source: Field required",
        id="no source",
    ),
    pytest.param(
        'codes = ["possession"], source = "page"',
        'codes = ["possession"], source = "pages"',
        "version 1: pages is none of its sources",
        id="unknown source",
    ),
    pytest.param('key = "hearsay"', 'key = "page"', "two sources have one key", id="source twice"),
    pytest.param("https://example.org/b", "a friend", "version 1 source 2 url", id="address"),
    pytest.param('confidence = "lead"', 'confidence = "sure"', "source 2 confidence", id="trust"),
    pytest.param(
        'otherwise = "not_eligible", source = "page"',
        'otherwise = "not_eligible", source = "hearsay"',
        "version 1: adult turns people away by hearsay, which is a lead",
        id="turned away on a lead",
    ),
    pytest.param(
        'codes = ["possession"], source = "page"',
        'codes = ["possession"], source = "hearsay"',
        "version 1: offences rest on hearsay, which is a lead",
        id="let in on a lead",
    ),
]


def test_a_file_becomes_what_it_says() -> None:
    policy = read_policy(GOOD, file_name="birch.toml")
    first, second = policy.versions

    assert (policy.id, policy.county) == ("birch", "Birch County")
    assert first.covered[0].offences == {Offence.POSSESSION}
    assert not first.covered[0].victim_must_consent
    assert (first.facts[0].fact, first.facts[0].otherwise) == (Fact.ADULT, Result.NOT_ELIGIBLE)
    assert first.reviews == (Reason.PROSECUTOR_DECIDES,)
    assert first.repeat == RepeatRule(kind=RepeatKind.NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END, days=30)
    assert second.covered[0].victim_must_consent
    assert (second.policy_id, second.number, second.effective_until) == ("birch", 2, None)
    assert (second.uncovered, second.repeat) == (Result.COORDINATOR_DECIDES, None)


@pytest.mark.parametrize(("instead_of", "planted", "named"), MISTAKES)
def test_a_mistake_is_refused_in_one_sentence_that_names_file_and_place(
    instead_of: str, planted: str, named: str
) -> None:
    assert instead_of in GOOD

    with pytest.raises(PolicyFileError) as refused:
        read_policy(GOOD.replace(instead_of, planted, 1), file_name="birch.toml")

    sentence = str(refused.value)
    assert sentence.startswith("birch.toml")
    assert named in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_lead_may_hand_a_question_to_the_coordinator() -> None:
    asked = 'otherwise = "not_eligible", source = "page"'
    handed_over = 'otherwise = "coordinator_decides", source = "hearsay"'

    policy = read_policy(GOOD.replace(asked, handed_over), file_name="birch.toml")

    assert policy.versions[0].facts[0].otherwise is Result.COORDINATOR_DECIDES


def test_what_ships_is_read_once_and_cannot_be_changed() -> None:
    policies = county_policies()

    assert policies is county_policies()
    with pytest.raises(TypeError):
        policies["birch"] = policies["lane"]  # type: ignore[index] # what is tried
    with pytest.raises(dataclasses.FrozenInstanceError):
        policies["lane"].versions[0].number = 9  # type: ignore[misc] # what is tried
