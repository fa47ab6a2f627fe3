"""Files of others are kept with name, version, licence and checksum, and are what those say."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.rules import ROOT

LISTS = sorted(
    path for top in ("services", "shared", "deploy") for path in (ROOT / top).rglob("vendored.toml")
)
SAID = {"name", "version", "licence", "from", "path", "sha256"}
# What is minified or compiled by others; our own style sheets and pages are read as they are.
OF_OTHERS = frozenset({".js", ".mjs", ".woff", ".woff2", ".ttf"})


def files_of(listing: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(listing.read_text("utf-8"))["file"]
    return found


def differs(folder: Path, said: dict[str, Any]) -> bool:
    found = hashlib.sha256((folder / said["path"]).read_bytes()).hexdigest()
    return found != str(said["sha256"])


@pytest.mark.parametrize("listing", LISTS, ids=lambda path: path.parent.name)
def test_a_file_of_others_is_what_its_entry_says(listing: Path) -> None:
    for said in files_of(listing):
        assert set(said) == SAID
        assert not differs(listing.parent, said), said["path"]
        assert (listing.parent / f"{said['name']}.LICENSE").exists()


def test_every_file_of_others_has_an_entry() -> None:
    listed = {listing.parent / said["path"] for listing in LISTS for said in files_of(listing)}
    found = {
        path
        for top in ("services", "shared", "deploy")
        for path in (ROOT / top).rglob("*")
        if path.suffix in OF_OTHERS
    }

    assert found == listed
    assert found


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "pear.js").write_text("changed")
    assert differs(tmp_path, {"path": "pear.js", "sha256": hashlib.sha256(b"kept").hexdigest()})
