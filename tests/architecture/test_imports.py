"""The import contracts hold, and each of them notices a breach planted in a copy of the tree."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.rules import ROOT

INDEPENDENCE = "A service never imports another service"
DIRECTION = "shared knows no service, services know no deployment"
LAYERS = "Inside a service, imports point down"
PURITY = "Rules and events do no I/O"


@dataclass(frozen=True, slots=True)
class Plant:
    """A file that breaks one contract."""

    breaks: str
    path: str
    source: str


PLANTS = {
    "a service imports another": Plant(
        INDEPENDENCE, "services/casework/store.py", "import services.referral.settings"
    ),
    "a service imports another's tables deep inside": Plant(
        INDEPENDENCE,
        "services/notify/use_cases/planted.py",
        "from services.casework import tables",
    ),
    "shared imports a service": Plant(
        DIRECTION, "shared/db/session.py", "import services.referral"
    ),
    "a service imports deploy": Plant(DIRECTION, "services/referral/store.py", "import deploy"),
    "a rule imports a table": Plant(
        LAYERS, "services/referral/domain/handoff.py", "import services.referral.tables"
    ),
    "the store imports a use case": Plant(
        LAYERS, "services/referral/store.py", "import services.referral.use_cases"
    ),
    "a route is imported by a handler": Plant(
        LAYERS, "services/casework/handlers/planted.py", "import services.casework.routes"
    ),
    "a stray utils.py": Plant(LAYERS, "services/referral/utils.py", ""),
    "a rule imports sqlalchemy": Plant(
        PURITY, "services/referral/domain/handoff.py", "import sqlalchemy"
    ),
    "an event imports sqlalchemy": Plant(PURITY, "shared/events/base.py", "import sqlalchemy"),
    "a rule reaches FastAPI through something shared": Plant(
        PURITY, "services/referral/domain/handoff.py", "import shared.http.problems"
    ),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_tree(to: Path) -> Path:
    for package in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / package, to / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def test_the_contracts_hold() -> None:
    linted = lint_imports(ROOT)

    for contract in (INDEPENDENCE, DIRECTION, LAYERS, PURITY):
        assert f"{contract} KEPT" in linted.stdout
    assert linted.returncode == 0


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_a_planted_breach_is_noticed(plant: Plant, tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path)
    target = tree / plant.path
    assert target.parent.is_dir()
    already = target.read_text() if target.exists() else '"""Planted."""\n'
    target.write_text(f"{already}\n{plant.source}\n")

    linted = lint_imports(tree)

    assert linted.returncode == 1
    assert f"{plant.breaks} BROKEN" in linted.stdout
    module = plant.path.removesuffix(".py").replace("/", ".")
    assert module in linted.stdout, "it is broken by something else"
