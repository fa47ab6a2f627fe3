"""Sizes, names and forbidden calls, over every file; and that a breach would be seen."""

from pathlib import Path

import pytest

from tests.architecture import rules


def relative(path: Path) -> str:
    return str(path.relative_to(rules.ROOT))


def test_there_is_code_to_guard() -> None:
    assert set(rules.service_names()) >= {"referral", "casework", "notify"}
    for service in rules.service_names():
        assert len(list(rules.sources(f"services/{service}"))) > 1, f"{service} has no code"


def test_no_file_and_no_function_is_too_long() -> None:
    found = [
        f"{relative(path)}: {offence}"
        for path in rules.sources()
        for source in [path.read_text()]
        for offence in (*rules.too_long(path, source), *rules.long_functions(source))
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [relative(path) for path in rules.sources() if any(rules.meaningless(path))]
    assert found == []


def test_rules_read_no_clock_and_throw_no_dice() -> None:
    domains = list((rules.ROOT / "services").glob("*/domain"))
    assert domains
    found = [
        f"{relative(path)}: {offence}"
        for domain in domains
        for path in domain.rglob("*.py")
        for offence in rules.clock_or_dice(path.read_text())
    ]
    assert found == []


def test_services_neither_commit_nor_publish_by_themselves() -> None:
    found = [
        f"{relative(path)}: {offence}"
        for path in rules.sources("services")
        for offence in rules.left_to_shared(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import os.path",
        "from random import choice",
        "from uuid_utils.compat import uuid7",
        "async def f() -> None:\n    return datetime.now(UTC)",
        "made = uuid.uuid4()",
        "def f() -> date:\n    return date.today()",
    ],
)
def test_a_planted_clock_or_dice_is_found(source: str) -> None:
    assert list(rules.clock_or_dice(source))


@pytest.mark.parametrize(
    "source",
    ["from datetime import datetime, timedelta", "due = now + WITHIN", "from uuid import UUID"],
)
def test_a_rule_that_is_told_the_time_is_not_suspected(source: str) -> None:
    assert not list(rules.clock_or_dice(source))


@pytest.mark.parametrize(
    "source",
    [
        "await session.commit()",
        "await broker.publish(event)",
        "async def f() -> None:\n    await client.subscribe('x')",
        "engine = create_async_engine(url)",
    ],
)
def test_a_planted_commit_or_publication_is_found(source: str) -> None:
    wrapped = "async def planted() -> None:\n    " + source.replace("\n", "\n    ")
    assert list(rules.left_to_shared(wrapped))


def test_a_planted_giant_is_found() -> None:
    body = "    x = 1\n" * rules.LONGEST_FUNCTION

    assert list(rules.long_functions(f"def giant() -> None:\n{body}"))
    assert not list(rules.long_functions(f"def fits() -> None:\n{body[10:]}"))
    assert list(rules.too_long(Path("a.py"), "x = 1\n" * 301))
    assert not list(rules.too_long(Path("a.py"), "x = 1\n" * 300))
    assert not list(rules.too_long(Path("test_a.py"), "x = 1\n" * 400))
    assert list(rules.meaningless(Path("services/referral/utils.py")))
    assert list(rules.meaningless(Path("services/referral/common/words.py")))
