"""Each county's cases, taken from its public text (`county_cases/*.toml`), against its policy."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import (
    NO_VERSION,
    Decision,
    Result,
    decide,
    judge,
    version_in_force,
)
from services.referral.domain.stated import QUESTIONS, Offence, Reason, Stated

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


@pytest.mark.parametrize("county", COUNTIES)
def test_every_rule_of_every_version_has_a_case_in_which_it_speaks(county: str) -> None:
    cases = cases_of(county)
    for version in county_policies()[county].versions:
        within = [case for case in cases if version.in_force_on(case.on)]
        spoken = {reason for case in within for reason in case.decision().reasons}
        stated = {offence for case in within for offence in case.stated.offences}

        assert {QUESTIONS[rule.fact].contrary for rule in version.facts} <= spoken
        assert set(version.reviews) <= spoken
        assert {code for rule in version.covered for code in rule.offences} <= stated


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
