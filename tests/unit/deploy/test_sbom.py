"""What the image is made of, as one list: all of the lock, nothing else, and no registry."""

import json
import re
from pathlib import Path

import pytest

from deploy.lock import IMAGE_LOCK
from deploy.sbom import SBOM, SbomError, render

LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\\\]+)", re.MULTILINE)
ONE = f"attrs==1.0.0 --hash=sha256:{'a' * 64}\n"


def test_it_lists_what_the_lock_installs_with_its_hashes() -> None:
    lock = IMAGE_LOCK.read_text("utf-8")
    listed = json.loads(SBOM.read_text("utf-8"))["components"]

    assert {(each["name"], each["version"]) for each in listed} == set(LOCKED.findall(lock))
    hashes = {
        each["content"]
        for component in listed
        for reference in component["externalReferences"]
        for each in reference["hashes"]
    }
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_it_names_no_registry_and_no_place() -> None:
    assert set(re.findall(r"https?://[^/]+", SBOM.read_text("utf-8"))) == {"http://cyclonedx.org"}


def test_another_lock_makes_another_list_and_the_same_one_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "one.lock", tmp_path / "other.lock"
    one.write_text(ONE, "utf-8")
    other.write_text(ONE.replace("1.0.0", "1.0.1"), "utf-8")

    assert "pkg:pypi/attrs@1.0.0" in render(one)
    assert "pkg:pypi/attrs@1.0.0" not in render(other)
    assert render(one) == render(one)


def test_a_lock_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SbomError, match=r"absent\.lock cannot be read"):
        render(tmp_path / "absent.lock")
