"""Checking the locks leaves them as they were, whatever comes of it."""

from pathlib import Path

import pytest

from deploy import lock


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths = [tmp_path / "requirements.lock", tmp_path / "image.lock"]
    for path in paths:
        path.write_text("kept==1\n")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setattr(lock, "LOCKS", dict.fromkeys(paths, ()))
    return paths


@pytest.mark.parametrize(("ended", "expected"), [(0, 1), (2, 2)])
def test_a_check_writes_nothing(
    locks: list[Path], monkeypatch: pytest.MonkeyPatch, ended: int, expected: int
) -> None:
    def compiles() -> int:
        locks[0].write_text("moved==2\n")
        return ended

    monkeypatch.setattr(lock, "compiled", compiles)
    monkeypatch.setattr("sys.argv", ["lock", "--check"])

    assert lock.main() == expected
    assert {path.read_text() for path in locks} == {"kept==1\n"}


def test_a_check_finds_nothing_to_say_of_locks_that_are_current(
    locks: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locks
    monkeypatch.setattr(lock, "compiled", lambda: 0)
    monkeypatch.setattr("sys.argv", ["lock", "--check"])

    assert lock.main() == 0
