"""What the documents name is there: every file, every folder and every test."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules import ROOT, sources

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md")
NAMED = re.compile(r"`([\w./-]+)`")
FOLDERS = ("services", "shared", "deploy", "tests", "docs")
TEST = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)


def missing(text: str, tests: frozenset[str]) -> Iterator[str]:
    """Yield each path and each test that *text* names and that does not exist."""
    for name in NAMED.findall(text):
        if name.startswith("test_") and "." not in name and name not in tests:
            yield name
        if name.split("/")[0] in FOLDERS and "/" in name and not (ROOT / name).exists():
            yield name


def known_tests() -> frozenset[str]:
    found = (TEST.findall(path.read_text("utf-8")) for path in sources("tests"))
    return frozenset(name for names in found for name in names)


def documents() -> Iterator[Path]:
    """Yield what people wrote; among the generated codes some look like tests."""
    yield from (ROOT / name for name in DOCUMENTS)
    yield from (path for path in sorted((ROOT / "docs").rglob("*.md")) if path.name != "codes.md")


def test_every_file_and_test_that_a_document_names_is_there() -> None:
    tests = known_tests()
    found = {
        str(path.relative_to(ROOT)): list(missing(path.read_text("utf-8"), tests))
        for path in documents()
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_a_name_that_is_nowhere_is_noticed() -> None:
    text = "See `services/nowhere.py`, `test_nothing_at_all` and `shared/`, `make test`."

    assert list(missing(text, known_tests())) == ["services/nowhere.py", "test_nothing_at_all"]
