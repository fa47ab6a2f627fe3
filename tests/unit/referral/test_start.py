"""Referral does not start with a county policy that is wrong, and says which file it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rules import ROOT

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
# Nobody is behind these addresses: the start is refused before any of them is asked.
ENVIRONMENT = {
    "REFERRAL_DATABASE_URL": "postgresql+asyncpg://nobody:made-up@127.0.0.1:9/handoff",
    "REFERRAL_NATS_URL": "nats://nobody:made-up@127.0.0.1:9",
    "REFERRAL_OIDC_ISSUER": "http://127.0.0.1:9",
    "REFERRAL_CLIENT_SECRET": "made-up",
    "REFERRAL_HASH_KEY": KEY,
    "REFERRAL_KEY_ENCRYPTION_KEY": KEY,
}
UNUSABLE = "A county policy cannot be used: lane.toml"
SAID = {
    "a slip": (
        b'id = "lane"\ncounty = "Lane County, Oregon"\nvresion = []\n',
        f"{UNUSABLE}, version: Field required.\n",
        (),
    ),
    "no TOML": (b"id = ", f"{UNUSABLE} is no TOML: ", ("--only", "http")),
    "no text": (b"\xff\xfe", f"{UNUSABLE} is not written in UTF-8.\n", ("--only", "worker")),
}


def copied(folder: Path) -> Path:
    """Copy the program, so that a file of it can be spoilt."""
    for package in ("services", "shared", "deploy"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


@pytest.mark.parametrize(("content", "sentence", "half"), SAID.values(), ids=SAID)
def test_a_wrong_policy_file_stops_the_start_with_one_sentence_that_names_it(
    tmp_path: Path, content: bytes, sentence: str, half: tuple[str, ...]
) -> None:
    program = copied(tmp_path)
    (program / "services/referral/county_rules/lane.toml").write_bytes(content)

    ended = subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "serve", "referral", *half],
        cwd=program,
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
