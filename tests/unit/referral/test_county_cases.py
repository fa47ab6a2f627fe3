"""Each county's cases, taken from its public text (`county_cases/*.toml`), against its policy."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import (
    NO_VERSION,
    Decision,
    PolicyVersion,
    Result,
    decide,
    judge,
    version_in_force,
)
from services.referral.domain.stated import Offence, Reason, Stated

ROOT = Path(__file__).parents[3]
COUNTIES = ("clackamas", "deschutes", "lane", "multnomah", "washington")


@dataclass(frozen=True, slots=True)
class Case:
    county: str
    says: str
    source: str
    on: date
    stated: Stated
    result: Result
    reasons: tuple[Reason, ...]

    def decision(self) -> Decision:
        return judge(self.stated, county_policies()[self.county], self.on)


def cases_of(county: str) -> list[Case]:
    path = Path(__file__).parent / "county_cases" / f"{county}.toml"
    return [_case(county, **entry) for entry in tomllib.loads(path.read_text("utf-8"))["case"]]


def _case(county: str, **entry: Any) -> Case:
    stated = {"pathway": "officer_intervention"} | entry["stated"]
    stated["offences"] = frozenset(Offence(code) for code in stated.get("offences", ()))
    return Case(
        county=county,
        says=entry["says"],
        source=entry["source"],
        on=entry["on"],
        stated=Stated(**stated),
        result=Result(entry["result"]),
        reasons=tuple(Reason(code) for code in entry["reasons"]),
    )


CASES = [
    pytest.param(case, id=f"{county}-{number}")
    for county in COUNTIES
    for number, case in enumerate(cases_of(county), start=1)
]


def test_the_five_counties_ship() -> None:
    assert tuple(county_policies()) == COUNTIES


@pytest.mark.parametrize("case", CASES)
def test_a_policy_answers_what_its_public_text_says(case: Case) -> None:
    decision = case.decision()

    assert (decision.result, decision.reasons) == (case.result, case.reasons), case.says


@pytest.mark.parametrize("case", CASES)
def test_a_case_names_a_source_of_the_version_that_it_is_about(case: Case) -> None:
    file = ROOT / "services" / "referral" / "county_rules" / f"{case.county}.toml"
    versions = tomllib.loads(file.read_text("utf-8"))["version"]
    version = max(case.decision().policy_version, 1)

    assert case.source in {source["key"] for source in versions[version - 1]["source"]}


def changed_by_one_rule(version: PolicyVersion) -> Iterator[PolicyVersion]:
    """Yield the version with each rule taken away, and with each answer's weight changed."""
    other = {
        Result.NOT_ELIGIBLE: Result.COORDINATOR_DECIDES,
        Result.COORDINATOR_DECIDES: Result.NOT_ELIGIBLE,
    }
    yield replace(version, uncovered=other[version.uncovered])
    for rule in version.facts:
        kept = tuple(each for each in version.facts if each is not rule)
        yield replace(version, facts=kept)
        yield replace(version, facts=(*kept, replace(rule, otherwise=other[rule.otherwise])))
    for reason in version.reviews:
        yield replace(version, reviews=tuple(each for each in version.reviews if each != reason))
    for covered in version.covered:
        kept_rules = tuple(each for each in version.covered if each is not covered)
        consent = not covered.victim_must_consent
        yield replace(version, covered=(*kept_rules, replace(covered, victim_must_consent=consent)))
        for offence in covered.offences:
            fewer = replace(covered, offences=covered.offences - {offence})
            yield replace(version, covered=(*kept_rules, fewer))


@pytest.mark.parametrize("county", COUNTIES)
def test_the_cases_would_notice_a_change_of_any_rule(county: str) -> None:
    for version in county_policies()[county].versions:
        within = [case for case in cases_of(county) if version.in_force_on(case.on)]
        for changed in changed_by_one_rule(version):
            noticed = [case for case in within if decide(case.stated, changed) != case.decision()]
            assert noticed, changed


def test_only_multnomah_states_a_limit_on_coming_again() -> None:
    stated = {
        policy.id: version.repeat.days
        for policy in county_policies().values()
        for version in policy.versions
        if version.repeat
    }

    assert stated == {"multnomah": 30}


@pytest.mark.parametrize("county", COUNTIES)
def test_a_decision_names_the_version_in_force_or_none(county: str) -> None:
    policy = county_policies()[county]
    stated = Stated(pathway="officer_intervention")
    for version in policy.versions:
        assert version_in_force(policy, version.effective_from) is version
        assert judge(stated, policy, version.effective_from) == decide(stated, version)
    assert judge(stated, policy, date(2024, 8, 31)).policy_version == NO_VERSION
