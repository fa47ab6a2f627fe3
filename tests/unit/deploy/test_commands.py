"""The command line: help everywhere, one sentence where it cannot do what was asked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli.errors import CliError
from deploy.cli.main import COMMANDS, make_app
from shared.events.base import CATALOGUE

HANDOFF = (sys.executable, "-P", "-m", "deploy.cli.main")


def run(
    *arguments: str, data: Path, environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*HANDOFF, *arguments],
        env={**os.environ, "HANDOFF_DATA": str(data), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def all_commands(app: typer.Typer, *, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that does something."""
    for command in app.registered_commands:
        yield (*path, command.name or getattr(command.callback, "__name__", "").replace("_", "-"))
    for group in app.registered_groups:
        if group.typer_instance:
            yield from all_commands(group.typer_instance, path=(*path, str(group.name)))


@pytest.mark.parametrize("words", tuple(all_commands(make_app())), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(make_app(), [*words, "--help"])

    assert shown.exit_code == 0
    _, found, example = " ".join(shown.output.split()).partition("Example: ")
    assert found
    assert f"handoff {' '.join(words)}" in example


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    shown = run(data=tmp_path)

    assert all(command.replace("_", "-") in shown.stdout + shown.stderr for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("down",), "Nothing runs on {data}.\n"),
        (
            ("migrate", "referral"),
            (
                "No PostgreSQL runs on {data}: start it with `handoff up`,"
                " or set HANDOFF_REFERRAL_OWNER_URL.\n"
            ),
        ),
        (
            ("serve", "identity"),
            (
                "These settings are missing or wrong:"
                " IDENTITY_SIGNING_KEY_FILE, IDENTITY_CLIENTS_FILE.\n"
            ),
        ),
        (
            ("serve", "mailbox"),
            "These settings are missing or wrong: MAILBOX_FOLDER.\n",
        ),
        (("clock",), "No PostgreSQL runs on {data}: start it with `handoff up`.\n"),
        (
            ("clock", "--ahead", "-3d"),
            "-3d is no time that could pass: the clock only goes forward, by 26h, 3d or 90m.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    failed = run(*arguments, data=tmp_path)

    assert (failed.returncode, failed.stderr) == (1, sentence.format(data=tmp_path))


def test_a_service_without_settings_names_every_one_that_is_missing(tmp_path: Path) -> None:
    failed = run("serve", "referral", data=tmp_path)

    assert failed.returncode == 1
    assert "REFERRAL_DATABASE_URL is missing: set it to a URL such as" in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://referral_owner:made-up@127.0.0.1:1/handoff"

    failed = run(
        "migrate", "referral", data=tmp_path, environment={"HANDOFF_REFERRAL_OWNER_URL": url}
    )

    assert failed.returncode == 1
    assert failed.stderr.startswith("The schema of referral could not be migrated: ")
    assert failed.stderr.count("\n") == 1
    assert "made-up" not in failed.stderr


def test_status_without_a_stack_says_so_and_ends_with_three(tmp_path: Path) -> None:
    shown = run("status", data=tmp_path)

    assert (shown.returncode, shown.stdout) == (3, f"Nothing runs on {tmp_path}.\n")


def test_the_schema_of_one_event_or_of_all_is_printed() -> None:
    one = CliRunner().invoke(make_app(), ["events", "schema", "deflection.handoff.accepted.v1"])
    everything = CliRunner().invoke(make_app(), ["events", "schema"])

    assert json.loads(one.output)["$id"] == "urn:handoff:deflection.handoff.accepted.v1"
    assert json.loads(everything.output).keys() == CATALOGUE.keys()


def test_the_schema_of_an_event_that_there_is_not_is_a_sentence() -> None:
    with pytest.raises(CliError, match=r"did you mean deflection\.handoff\.accepted\.v1\?"):
        CliRunner().invoke(
            make_app(),
            ["events", "schema", "deflection.handoff.acepted.v1"],
            catch_exceptions=False,
        )
