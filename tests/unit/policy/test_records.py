"""Whose record somebody reaches, as one table over all that the rule looks at."""

from dataclasses import replace
from itertools import product

import pytest

from deploy.identity.staff import ACCOUNTS
from services.casework.domain.access import Access, Standing
from shared.policy.actor import Caller, Purpose
from shared.policy.engine import NO_POLICY_ALLOWS, Policy
from shared.policy.resource import Resource
from tests.unit.policy.rows import KINDS, RECORDS

RULE = "record_of_those_who_work_with_the_person"
ALDER = "alder-county"
CARE = Purpose.CARE_COORDINATION
SUPERVISOR = "coordinator-juniper"
WORKERS = ("peer-willow", "manager-fern")
READS = (
    "read_intake",
    "read_participant",
    "read_timeline",
    "read_episode",
    "read_contacts",
    "read_goals",
    "read_needs",
    "read_safe_contact",
    "read_consents",
)
OF_A_RECORD = sorted(action for action, kind in KINDS.items() if kind in RECORDS)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def expected(who: str, action: str, access: Access) -> bool:
    """Say it in words: who reaches a record."""
    if action == "break_glass":
        return True
    if access.emergency and action in READS:
        return True
    if access.standing is Standing.NAMED:
        return True
    if access.restricted:
        return False
    return who == SUPERVISOR or access.standing is not Standing.NONE


@pytest.mark.parametrize("action", OF_A_RECORD)
def test_a_record_is_reached_by_those_who_work_with_the_person(policy: Policy, action: str) -> None:
    stands = [Access(*each) for each in product(Standing, (True, False), (True, False))]
    for who, access in product((SUPERVISOR, *WORKERS), stands):
        caller = Caller(ACCOUNTS[who].actor, CARE, "test")
        resource = Resource(KINDS[action], "1", ALDER, access.attrs())

        found = policy.decide(caller, action, resource, service="casework")

        if found.reason == NO_POLICY_ALLOWS:
            continue  # nobody of this role does it to anybody
        assert found.allowed == expected(who, action, access), (who, access)
        assert found.allowed or found.reason == RULE


def test_nobody_reviews_their_own_access_in_an_emergency(policy: Policy) -> None:
    officer = ACCOUNTS["privacy-yarrow"].actor
    own = Resource("BreakGlassAccess", "1", ALDER, {"opened_by": officer.actor_id})
    others = replace(own, attrs={"opened_by": "peer-willow"})
    caller = Caller(officer, Purpose.PRIVACY, "test")

    found = [
        policy.decide(caller, "review_break_glass", each, service="casework")
        for each in (own, others)
    ]

    assert [each.allowed for each in found] == [False, True]
    assert found[0].reason == "nobody_reviews_their_own_access"
