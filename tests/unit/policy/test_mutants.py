"""The tests of the policies notice faults in them: at least nine in ten of every small slip."""

import re
import subprocess
import sys
from itertools import islice

import pytest

from tests.unit.policy.judging import loadable, real_text
from tests.unit.policy.mutants import POLICY, mutants

PARTS = 10
NOTICED = 0.9


def test_every_policy_gets_faults_of_every_kind() -> None:
    text = real_text()
    found = list(mutants(text))

    assert len(found) >= 400
    assert {each.name.split(":")[0] for each in found} == {
        policy["id"] for policy in POLICY.finditer(text)
    }
    assert len(re.findall(r"^@id\(", text, re.MULTILINE)) == len(POLICY.findall(text))
    for kind in (
        "left out",
        "without Action",
        "without Role",
        "&& said",
        "== said",
        "for ",
        "when",
    ):
        assert any(kind in each.name for each in found), kind
    assert all(each.text != text for each in found)


def test_a_service_would_start_with_most_of_them_so_tests_have_to_notice() -> None:
    first = list(islice(mutants(real_text()), 40))

    assert len(loadable(first)) >= 30


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_policies_without_a_fault_are_not_found_faulty() -> None:
    assert judged("none") == (0, 1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_nine_in_ten_faults_of_the_policies_are_noticed(part: int) -> None:
    noticed, faults = judged(f"{part}/{PARTS}")

    assert faults >= 40
    assert noticed >= NOTICED * faults


def judged(what: str) -> tuple[int, int]:
    """Judge in a process of its own, for it forks: return how many of how many are noticed."""
    command = (sys.executable, "-m", "tests.unit.policy.judging", what)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(said)  # noqa: T201 - the survivors, for whoever reads the soak
    [(noticed, faults)] = re.findall(r"(\d+) of (\d+) faults noticed", said)
    return int(noticed), int(faults)
