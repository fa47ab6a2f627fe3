"""`handoff token` against the local provider as a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cli.errors import CliError
from deploy.cli.token import fetch_token
from deploy.embedded import state
from deploy.embedded.state import Running, State
from deploy.identity.clients import new_client_secrets
from deploy.identity.files import write_secret
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from tests.servers import free_port

PATIENCE_SECONDS = 30
SERVE_IDENTITY = (sys.executable, "-m", "deploy.cli.main", "serve", "identity")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as `handoff up` leaves it, without a running provider."""
    write_secret(tmp_path / "secrets" / "clients.json", json.dumps(new_client_secrets()))
    return tmp_path


@pytest.fixture
def issuer(data: Path) -> Iterator[str]:
    """The provider of that folder, running."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "IDENTITY_PORT": str(port),
        "IDENTITY_ISSUER": issuer,
        "IDENTITY_SIGNING_KEY_FILE": str(data / "secrets" / "signing-key.json"),
        "IDENTITY_CLIENTS_FILE": str(data / "secrets" / "clients.json"),
    }
    say_where(data, issuer)
    with subprocess.Popen(SERVE_IDENTITY, env=environment) as process:
        try:
            wait_for_port(port)
            yield issuer
        finally:
            process.terminate()


def say_where(data: Path, url: str) -> None:
    """Leave the record that the stack leaves of where its parts run."""
    part = Running("identity", url=url, port=0, check="", pid=None, born="", state="running")
    state.write(data / "state.json", State(pid=1, born="", parts=(part,)))


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")


async def test_the_printed_token_is_accepted(data: Path, issuer: str) -> None:
    token = fetch_token("officer-hemlock", data=data)
    verifier = TokenVerifier(issuer=issuer, audience=audience_of("referral"))
    assert (await verifier.verify(token)).actor_id == "officer-hemlock"
    await verifier.aclose()


def test_a_secret_of_another_data_folder_is_said_to_be_that(data: Path, issuer: str) -> None:
    write_secret(data / "secrets" / "clients.json", json.dumps(new_client_secrets()))
    with pytest.raises(CliError, match=f"{issuer} refused peer-willow .401.*another data folder"):
        fetch_token("peer-willow", data=data)


def test_an_unknown_name_is_answered_with_the_known_ones(data: Path) -> None:
    with pytest.raises(CliError, match="Nobody is called officer-oak: use one of officer-hemlock"):
        fetch_token("officer-oak", data=data)


def test_a_folder_without_secrets_is_named(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"holds no secret for peer-willow.*handoff up"):
        fetch_token("peer-willow", data=tmp_path)


def test_a_provider_that_is_not_running_is_named(data: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    say_where(data, url)
    with pytest.raises(CliError, match=f"{url} does not answer.*handoff up"):
        fetch_token("peer-willow", data=data)


def test_a_damaged_record_of_what_runs_is_named(data: Path) -> None:
    (data / "state.json").write_text("{", "utf-8")
    with pytest.raises(CliError, match=r"state.json is damaged"):
        fetch_token("peer-willow", data=data)


def test_the_provider_says_in_one_line_which_settings_it_lacks() -> None:
    environment = {name: each for name, each in os.environ.items() if "IDENTITY" not in name}
    ended = subprocess.run(
        SERVE_IDENTITY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "These settings are missing or wrong: IDENTITY_SIGNING_KEY_FILE, IDENTITY_CLIENTS_FILE.\n"
    )


async def test_a_session_that_only_submits_is_for_first_responders(data: Path, issuer: str) -> None:
    token = fetch_token("officer-hemlock", data=data, submit_only=True)
    verifier = TokenVerifier(issuer=issuer, audience=audience_of("referral"))
    assert (await verifier.verify(token)).submit_only
    await verifier.aclose()
    with pytest.raises(CliError, match="peer-willow refers nobody"):
        fetch_token("peer-willow", data=data, submit_only=True)


def test_a_token_is_printed_and_inspected_on_the_command_line(data: Path, issuer: str) -> None:
    command = [sys.executable, "-m", "deploy.cli.main", "token"]
    printed = subprocess.run(
        [*command, "--as", "officer-hemlock", "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    inspected = subprocess.run(
        [*command, "inspect", "--issuer", issuer, "--data", str(data)],
        input=f"Bearer {printed.stdout}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (inspected.returncode, inspected.stderr) == (0, "")
    assert "officer-hemlock" in inspected.stdout
    nobody = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (nobody.returncode, nobody.stderr) == (
        1,
        "Say whose token: --as NAME, such as --as officer-hemlock.\n",
    )
