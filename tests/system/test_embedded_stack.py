"""`handoff up`, `status` and `down` as a person meets them."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.process import is_alive, wait_until
from tests.system.stacks import Handoff

SERVERS = {"postgres", "nats"}
EVERYTHING = SERVERS | {"identity", "mailbox", "referral", "casework", "notify"}


@pytest.fixture
def handoff(tmp_path: Path) -> Iterator[Handoff]:
    made = Handoff(tmp_path / "data")
    yield made
    made.end()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handoff]:
    """Servers that run on their own, for tests that leave them as they are."""
    made = Handoff(tmp_path_factory.mktemp("servers") / "data")
    made.up("--only-servers")
    yield made
    made.end()


def kill_all(pids: list[int]) -> None:
    for each in pids:
        os.kill(each, signal.SIGKILL)


def test_the_servers_start_go_on_and_stop_within_five_seconds(handoff: Handoff) -> None:
    handoff.up("--only-servers")
    first = handoff.parts()
    assert {name: each["state"] for name, each in first.items()} == dict.fromkeys(SERVERS, "up")
    password = (handoff.data / "secrets" / "postgres_admin_password").read_bytes()

    pids = handoff.pids()
    began = time.monotonic()
    handoff.send(signal.SIGINT)
    assert handoff.wait(within=10) == 0
    assert time.monotonic() - began < 5
    assert not any(map(is_alive, pids))
    assert handoff.run("status").returncode == 3

    handoff.up("--only-servers")
    assert (handoff.data / "secrets" / "postgres_admin_password").read_bytes() == password
    down = handoff.run("down")
    assert (down.returncode, down.stdout) == (0, f"Handoff on {handoff.data} is stopped.\n")
    assert handoff.wait(within=5) == 0


def test_progress_can_be_read_without_a_terminal(servers: Handoff) -> None:
    lines = servers.said.splitlines()

    assert lines[0].startswith("PostgreSQL: ready after ")
    assert any(line.startswith("Migrations of referral: ready after ") for line in lines)
    assert "\x1b" not in servers.said


def test_a_second_copy_on_the_same_folder_is_refused(servers: Handoff) -> None:
    assert servers.process is not None

    second = servers.run("up", "--only-servers")

    assert second.returncode == 1
    assert second.stderr == (
        f"Handoff already runs on {servers.data} (process {servers.process.pid}): stop it with"
        " `handoff down`, or choose another with --data or HANDOFF_DATA.\n"
    )
    assert servers.run("status").returncode == 0


def test_schemas_can_be_migrated_while_the_servers_run(servers: Handoff) -> None:
    done = servers.run("migrate", "referral")

    assert done.returncode == 0
    assert done.stdout.startswith("referral: up to date after ")


def test_a_clock_that_is_not_made_for_it_is_not_moved(servers: Handoff) -> None:
    shown, refused = servers.run("clock"), servers.run("clock", "--ahead", "26h")

    assert shown.stdout.endswith(" UTC, as real time does.\n")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"The clock of {servers.data} cannot be moved:"
        " start it with `handoff up --movable-clock`.\n"
    )


def test_a_taken_port_stops_the_start_before_anything_runs(handoff: Handoff) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(handoff.ports["CASEWORK_PORT"])))
        taken.listen()

        refused = handoff.run("up")

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {handoff.ports['CASEWORK_PORT']} on 127.0.0.1, which the service casework needs,"
        " is taken; choose another with --casework-port or CASEWORK_PORT.\n"
    )
    assert not (handoff.data / "pg").exists()


def test_a_wrong_setting_stops_the_start_in_one_sentence_that_names_it(handoff: Handoff) -> None:
    refused = handoff.run("up", NOTIFY_LOG_LEVEL="deafening")

    assert refused.returncode == 1
    assert refused.stderr == (
        "notify did not start: NOTIFY_LOG_LEVEL cannot be used:"
        " set it to debug, info, warning or error.\n"
    )
    assert handoff.run("status").returncode == 3


def test_a_killed_parent_leaves_nobody_and_the_next_start_just_works(handoff: Handoff) -> None:
    handoff.up("--only-servers")
    pids = handoff.pids()

    handoff.send(signal.SIGKILL)
    handoff.wait(within=5)
    handoff.up("--only-servers")

    assert not any(map(is_alive, pids))
    assert {each["state"] for each in handoff.parts().values()} == {"up"}


def test_everything_that_is_killed_comes_back_in_its_place(handoff: Handoff) -> None:
    handoff.up()
    before = handoff.parts()
    assert {name: each["state"] for name, each in before.items()} == dict.fromkeys(EVERYTHING, "up")

    kill_all([each["pid"] for each in before.values()])

    for name in EVERYTHING:
        assert handoff.says(f"{name} ended unexpectedly (signal 9); starting it again.\n")
        assert handoff.says(f"{name} is up again.\n"), handoff.said
    after = handoff.parts()
    assert {name: each["state"] for name, each in after.items()} == dict.fromkeys(EVERYTHING, "up")
    assert {name: each["url"] for name, each in after.items()} == {
        name: each["url"] for name, each in before.items()
    }

    began = time.monotonic()
    handoff.send(signal.SIGINT)
    assert handoff.wait(within=10) == 0
    assert time.monotonic() - began < 5
    assert not any(is_alive(each["pid"]) for each in after.values())


def test_a_stack_that_loses_its_parent_ends_whole(handoff: Handoff) -> None:
    handoff.up()
    pids = handoff.pids()

    handoff.send(signal.SIGKILL)
    handoff.wait(within=5)

    assert wait_until(lambda: not any(map(is_alive, pids)), within=15)
    assert handoff.run("status").returncode == 3


def test_fresh_deletes_our_own_data_and_nobody_elses(handoff: Handoff) -> None:
    handoff.up("--only-servers")
    password = handoff.data / "secrets" / "postgres_admin_password"
    first = password.read_bytes()
    handoff.end()

    handoff.up("--only-servers", "--fresh")
    assert password.read_bytes() != first
    handoff.end()

    precious = handoff.data.with_name("precious")
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    refused = handoff.run("up", "--fresh", HANDOFF_DATA=str(precious))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{precious} holds other things than Handoff's data: ")
    assert (precious / "thesis.txt").exists()
