"""What the policies decide, as one table, and what no table row could ever change."""

import json
import re
from dataclasses import replace
from itertools import combinations, pairwise, product
from pathlib import Path

import cedarpy
import pytest
from structlog.testing import capture_logs

from deploy.identity.staff import ACCOUNTS
from shared.policy.actor import Actor, Caller, Function, Purpose
from shared.policy.engine import (
    NO_POLICY_ALLOWS,
    NOT_IN_SCHEMA,
    ROLES,
    RULES,
    SCHEMA,
    Decision,
    Policy,
    PolicyError,
)
from shared.policy.resource import Resource
from tests.unit.policy.rows import ALLOWED, ATTRS, BY_THE_CARE_TEAM, DENIED, KINDS

ALDER = "alder-county"
BIRCH = "birch-county"
SERVICES = ("referral", "casework", "notify")

SUBMITS = {
    "enter",
    *("create_referral", "read_referral", "release_officer"),
    *("read_eligibility_policies", "read_codes"),
}
CARE = Purpose.CARE_COORDINATION
DELIVERY = Purpose.SERVICE_DELIVERY


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def ask(
    policy: Policy,
    who: str | Actor,
    action: str,
    purpose: Purpose,
    *,
    service: str = "referral",
    programme: str = ALDER,
    attrs: dict[str, str] | None = None,
) -> Decision:
    actor = ACCOUNTS[who].actor if isinstance(who, str) else who
    resource = Resource(KINDS[action], "1", programme, attrs or {})
    return policy.decide(Caller(actor, purpose, "test"), action, resource, service=service)


@pytest.mark.parametrize(("who", "action", "purpose", "service"), ALLOWED)
def test_those_whose_work_it_is_may(
    policy: Policy, who: str, action: str, purpose: Purpose, service: str
) -> None:
    decision = ask(policy, who, action, purpose, service=service, attrs=attrs_of(action))
    assert decision.allowed, decision.reason
    assert decision.reason in ids_of_policies()


@pytest.mark.parametrize(("who", "action", "purpose", "service"), ALLOWED)
def test_they_may_not_with_a_purpose_that_is_not_their_works(
    policy: Policy, who: str, action: str, purpose: Purpose, service: str
) -> None:
    fitting = {each[2] for each in ALLOWED if each[1] == action}
    for wrong in set(Purpose) - fitting:
        decision = ask(policy, who, action, wrong, service=service, attrs=attrs_of(action))
        assert decision == Decision(allowed=False, reason=NO_POLICY_ALLOWS), wrong
    assert purpose in fitting


@pytest.mark.parametrize(("who", "action", "purpose", "service"), ALLOWED)
def test_they_may_not_in_another_programme(
    policy: Policy, who: str, action: str, purpose: Purpose, service: str
) -> None:
    actor = replace(ACCOUNTS[who].actor, programme_id=BIRCH)
    decision = ask(policy, actor, action, purpose, service=service, attrs=attrs_of(action))
    assert decision == Decision(allowed=False, reason="other_programme")


@pytest.mark.parametrize(("who", "action", "purpose", "service"), DENIED)
def test_what_no_policy_allows_is_refused(
    policy: Policy, who: str, action: str, purpose: Purpose, service: str
) -> None:
    decision = ask(policy, who, action, purpose, service=service, attrs=attrs_of(action))
    assert decision == Decision(allowed=False, reason=NO_POLICY_ALLOWS)


def test_somebody_without_a_role_may_nothing(policy: Policy) -> None:
    for function, action, purpose, service in product(Function, KINDS, Purpose, SERVICES):
        if action in {"read_referral", "enter"}:
            continue  # whoever made it comes in to read it, whatever their role is today
        nobody = Actor("nobody", function, ALDER)
        attrs = attrs_of(action)
        assert not ask(policy, nobody, action, purpose, service=service, attrs=attrs).allowed


@pytest.mark.parametrize("action", KINDS)
def test_an_enforcement_function_may_nothing_in_casework_whatever_else_the_token_says(
    policy: Policy, action: str
) -> None:
    sets = [frozenset(each) for size in (1, 2) for each in combinations(sorted(ROLES), size)]
    for roles, purpose in product([*sets, ROLES], Purpose):
        officer = Actor("officer-hemlock", Function.ENFORCEMENT, ALDER, "hemlock-police", roles)
        decision = ask(policy, officer, action, purpose, service="casework", attrs=attrs_of(action))
        assert decision == Decision(allowed=False, reason="enforcement_never_in_casework")


@pytest.mark.parametrize(("who", "action", "purpose", "service"), ALLOWED)
def test_a_session_that_only_submits_refers_people_and_nothing_else(
    policy: Policy, who: str, action: str, purpose: Purpose, service: str
) -> None:
    session = replace(ACCOUNTS[who].actor, submit_only=True)
    decision = ask(policy, session, action, purpose, service=service, attrs=attrs_of(action))
    assert decision.allowed == (action in SUBMITS)
    assert decision.allowed or decision.reason == "submit_only_session"


def test_a_service_that_acts_for_one_programme_is_kept_to_it(policy: Policy) -> None:
    everywhere = ACCOUNTS["casework"].actor
    for_birch = replace(everywhere, programme_id=BIRCH)
    assert ask(policy, everywhere, "read_identity_packet", DELIVERY).allowed
    assert not ask(policy, for_birch, "read_identity_packet", DELIVERY).allowed


def test_a_person_called_like_a_service_is_not_that_service(policy: Policy) -> None:
    impostor = Actor("casework", Function.CARE, ALDER, roles=frozenset({"service", "peer"}))
    assert not ask(policy, impostor, "read_identity_packet", DELIVERY).allowed


def test_a_role_that_is_not_ours_counts_for_nothing_and_takes_nothing(policy: Policy) -> None:
    manager = ACCOUNTS["manager-fern"].actor
    both = replace(manager, roles=manager.roles | {"librarian"})
    only = replace(manager, roles=frozenset({"librarian"}))
    assert ask(policy, both, "list_intakes", CARE, service="casework").allowed
    assert not ask(policy, only, "list_intakes", CARE, service="casework").allowed


@pytest.mark.parametrize(
    ("action", "resource", "service"),
    [
        ("read_everything", Resource("Participant", "1", ALDER, BY_THE_CARE_TEAM), "casework"),
        ("read_timeline", Resource("Referral", "1", ALDER), "casework"),
        ("read_timeline", Resource("Diary", "1", ALDER), "casework"),
        (
            "read_timeline",
            Resource("Participant", "1", ALDER, {**BY_THE_CARE_TEAM, "mood": "x"}),
            "casework",
        ),
        ("read_timeline", Resource("Participant", "1", ALDER, BY_THE_CARE_TEAM), "web"),
    ],
)
def test_a_question_that_the_schema_does_not_know_is_refused(
    policy: Policy, action: str, resource: Resource, service: str
) -> None:
    caller = Caller(ACCOUNTS["manager-fern"].actor, CARE, "test")
    decision = policy.decide(caller, action, resource, service=service)
    assert decision == Decision(allowed=False, reason=NOT_IN_SCHEMA)


def test_a_question_outside_the_schema_is_logged_each_time(policy: Policy) -> None:
    caller = Caller(ACCOUNTS["manager-fern"].actor, CARE, "test")
    with capture_logs() as logged:
        for _ in range(2):
            policy.decide(caller, "read_everything", Resource("Intake", "1", ALDER), service="web")
    assert [each["event"] for each in logged] == ["policy_question_not_in_schema"] * 2


def test_a_decision_holds_for_whoever_asks_and_for_nobody_else(policy: Policy) -> None:
    manager = ACCOUNTS["manager-fern"].actor
    strangers = (
        replace(manager, programme_id="birch-county"),
        replace(manager, roles=frozenset()),
        replace(manager, function=Function.ENFORCEMENT),
    )
    for _ in range(2):
        known = attrs_of("read_timeline")
        assert ask(policy, manager, "read_timeline", CARE, service="casework", attrs=known).allowed
        for actor in strangers:
            resource = Resource("Participant", "1", ALDER, BY_THE_CARE_TEAM)
            caller = Caller(actor, CARE, "test")
            found = policy.decide(caller, "read_timeline", resource, service="casework")
            assert not found.allowed


def test_an_id_cannot_break_out_of_the_question(policy: Policy) -> None:
    strange = Actor('x"; permit(principal, action, resource);\n', Function.CARE, ALDER)
    known = attrs_of("read_timeline")
    assert not ask(policy, strange, "read_timeline", CARE, service="casework", attrs=known).allowed


def test_the_schema_and_the_program_know_the_same_words() -> None:
    schema = (SCHEMA / "words.cedarschema").read_text("utf-8")
    for entity, words in (
        ("Role", ROLES),
        ("Function", frozenset(Function)),
        ("Purpose", frozenset(Purpose)),
        ("Service", frozenset(SERVICES)),
    ):
        stated = re.search(rf"entity {entity} enum \[(.*?)\]", schema, re.DOTALL)
        assert stated is not None
        assert frozenset(re.findall(r'"(\w+)"', stated[1])) == words


def test_every_policy_is_introduced_by_a_sentence() -> None:
    for file in sorted(RULES.glob("*.cedar")):
        lines = file.read_text("utf-8").splitlines()
        for above, line in pairwise(lines):
            if line.startswith("@id"):
                assert re.fullmatch(r"// .*\.", above), f"{file.name}: {line}"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("permit (principal, action, resource", "cannot be read"),
        ("permit (principal, action, resource);", "lacks its @id"),
        ('@id("a") permit (principal, action == Action::"dance", resource);', "do not fit"),
        (
            (
                '@id("a") permit (principal, action, resource)'
                ' when { principal.roles.contains(Role::"pear") };'
            ),
            "do not fit",
        ),
        (
            (
                '@id("a") permit (principal, action, resource);\n'
                '@id("a") forbid (principal, action, resource);'
            ),
            "share the @id a",
        ),
        (
            (
                '@id("a") permit (principal, action == Action::"read_timeline",'
                ' resource == Participant::"birch");'
            ),
            "The policy a names one Participant",
        ),
        (
            (
                '@id("a") permit (principal, action == Action::"read_timeline", resource)'
                ' unless { resource == Participant::"birch" };'
            ),
            "The policy a names one Participant",
        ),
    ],
)
def test_policies_with_a_mistake_keep_the_program_from_starting(
    tmp_path: Path, rule: str, complaint: str
) -> None:
    (tmp_path / "wrong.cedar").write_text(rule, "utf-8")
    with pytest.raises(PolicyError, match=complaint):
        Policy.load(rules=tmp_path)


def test_no_policies_at_all_keep_the_program_from_starting(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no policy"):
        Policy.load(rules=tmp_path)


def attrs_of(action: str) -> dict[str, str]:
    return ATTRS.get(action, {})


def ids_of_policies() -> set[str]:
    text = "\n".join(file.read_text("utf-8") for file in RULES.glob("*.cedar"))
    policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return {each["annotations"]["id"] for each in policies.values()}


@pytest.mark.parametrize(("waits", "reads"), [("yes", True), ("no", False)])
def test_who_a_referral_is_about_the_team_reads_while_it_waits_and_then_who_took_it_on(
    policy: Policy,
    waits: str,
    reads: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    attrs = {"referred_by": "officer-hemlock", "waits": waits, "accepted_by": "peer-willow"}
    for who in ("peer-rowan", "manager-fern", "coordinator-juniper"):
        actor = ACCOUNTS[who].actor
        decision = ask(policy, actor, "read_referral", CARE, service="referral", attrs=attrs)
        assert decision.allowed == reads
        assert decision.allowed or decision.reason == "referral_no_longer_waits"
    willow = ACCOUNTS["peer-willow"].actor
    assert ask(policy, willow, "read_referral", CARE, service="referral", attrs=attrs).allowed
    made_it = attrs | {"referred_by": "peer-rowan"}
    rowan = ACCOUNTS["peer-rowan"].actor
    assert ask(policy, rowan, "read_referral", CARE, service="referral", attrs=made_it).allowed
