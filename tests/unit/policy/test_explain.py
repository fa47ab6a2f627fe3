"""What is said of a policy is what the policy says."""

import re
from pathlib import Path

import pytest

from shared.policy.engine import RULES
from shared.policy.explain import Rule, permitting_rules, rules_for

NEGATED = re.compile(r"\bunless\b|!(?!principal\.roles\.isEmpty\(\))")


def test_a_rule_is_told_with_its_sentence_and_whom_it_names() -> None:
    [rule] = rules_for("read_eligibility_history")

    assert rule.id == "coordinator_reads_eligibility_history"
    assert rule.says.startswith("Only the coordinator is shown whether somebody's history")
    assert rule.functions == {"care"}
    assert rule.roles == {"coordinator"}
    assert rule.purposes == {"care_coordination"}


@pytest.mark.parametrize("rule", permitting_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_sentence_and_an_action(rule: Rule) -> None:
    assert rule.says.endswith(".")
    assert rule.actions


def test_who_is_named_is_never_who_is_left_out() -> None:
    """Names are read off conditions, so a permission must say whom it means, and not whom not."""
    for file in sorted(RULES.glob("*.cedar")):
        for policy in file.read_text("utf-8").split("@id(")[1:]:
            if "\npermit" in policy:
                assert not NEGATED.search(policy), (file.name, policy)


def test_a_comment_of_the_whole_file_is_no_rule_s_sentence(tmp_path: Path) -> None:
    text = """// About pears.

// Anybody reads a pear.
@id("anybody_reads")
permit (principal, action == Action::"read_pear", resource);
"""
    (tmp_path / "pears.cedar").write_text(text)

    [rule] = permitting_rules(tmp_path)

    assert rule.says == "Anybody reads a pear."
    assert rule.actions == {"read_pear"}
