"""Judge faulty policies by the tests of the real ones: which faults do they notice?

A child is forked for each fault, with everything imported, so that a judgement takes seconds.
`python -m tests.unit.policy.judging 1/4` judges one share of four and prints the survivors; `none`
judges the policies as they are.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from shared.policy.engine import RULES, SCHEMA, Policy, PolicyError
from tests.unit.policy.mutants import Mutant, mutants

TESTS = Path(__file__).parent
QUIET = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")
ALL_PASSED, SOME_FAILED = 0, 1


def real_text() -> str:
    return "\n".join(each.read_text("utf-8") for each in sorted(RULES.glob("*.cedar")))


def loadable(found: Iterable[Mutant]) -> Sequence[Mutant]:
    """Return the faults with which a service would start at all."""
    with tempfile.TemporaryDirectory() as folder:
        return [each for each in found if _loads(each, Path(folder))]


def _loads(mutant: Mutant, folder: Path) -> bool:
    (folder / "all.cedar").write_text(mutant.text, "utf-8")
    try:
        Policy.load(folder)
    except PolicyError:
        return False
    return True


def survivors(found: Iterable[Mutant]) -> list[Mutant]:
    """Return the faults that no test notices."""
    return [each for each in found if not notices(each)]


def notices(mutant: Mutant) -> bool:
    """Say whether a test fails with this fault in the policies."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "all.cedar").write_text(mutant.text, "utf-8")
        child = multiprocessing.get_context("fork").Process(target=_test, args=(Path(folder),))
        child.start()
        child.join()
    if child.exitcode not in {ALL_PASSED, SOME_FAILED}:
        raise RuntimeError(f"the tests could not be run: {child.exitcode}")
    return child.exitcode == SOME_FAILED


def _test(rules: Path) -> None:
    """Run the tests in this process, with *rules* as what a service loads by itself."""
    Policy.load.__func__.__defaults__ = (rules, SCHEMA)  # type: ignore[attr-defined]  # of this fork
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    tests = [str(each) for each in TESTS.glob("test_*.py") if each.name != "test_mutants.py"]
    os._exit(int(pytest.main([*QUIET, *tests])))


def _asked_for(share: str) -> Sequence[Mutant]:
    if share == "none":
        return [Mutant("no fault", real_text())]
    part, parts = map(int, share.split("/"))
    return loadable(list(mutants(real_text()))[part::parts])


def main() -> None:
    found = _asked_for(sys.argv[1] if len(sys.argv) > 1 else "0/1")
    left = survivors(found)
    for each in left:
        print(each.name)  # noqa: T201 - what it is run for
    print(f"{len(found) - len(left)} of {len(found)} faults noticed")  # noqa: T201


if __name__ == "__main__":
    main()
