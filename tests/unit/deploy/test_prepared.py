"""The folder of secrets: made once, private, and enough for every service to start."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from stat import S_IMODE

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from deploy import healthy
from deploy.cli.errors import CliError
from deploy.cli.main import make_app
from deploy.embedded.plan import SERVICES, settings_class
from deploy.identity.files import SecretFileError
from deploy.prepared import Prepared, Servers
from shared.settings import SECRETS_DIR, load
from tests.servers import free_port

SERVERS = Servers(
    postgres="db.example.org:5432",
    database="handoff",
    nats="nats.example.org:4222",
    nats_listen="0.0.0.0:4222",
    nats_monitor="127.0.0.1:8222",
    nats_store="/var/lib/nats",
)


def files(folder: Path) -> dict[str, str]:
    return {
        str(each.relative_to(folder)): each.read_text("utf-8")
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_with_what_was_prepared(
    tmp_path: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Prepared(tmp_path).write(SERVERS)
    monkeypatch.setenv(SECRETS_DIR, str(tmp_path / service))
    monkeypatch.setenv(f"{service.upper()}_OIDC_ISSUER", "https://login.example.org")

    settings = load(settings_class(service))

    assert settings.nats_url.get_secret_value().endswith("@nats.example.org:4222")
    assert "@db.example.org:5432/handoff" in settings.database_url.get_secret_value()
    assert len(settings.hash_key.get_secret_value()) == 32


def test_secrets_are_made_once_and_addresses_can_change(tmp_path: Path) -> None:
    prepared = Prepared(tmp_path)
    prepared.write(SERVERS)
    before = files(tmp_path)
    prepared.write(SERVERS)
    assert files(tmp_path) == before

    moved = Servers(
        **{**{name: getattr(SERVERS, name) for name in SERVERS.__slots__}, "nats": "x:1"}
    )
    prepared.write(moved)
    changed = {name for name, text in files(tmp_path).items() if text != before[name]}
    assert changed == {"listener/nats_url", *(f"{each}/{each}_nats_url" for each in SERVICES)}


def test_a_secret_that_a_provider_gave_is_kept_and_known_to_the_local_one(tmp_path: Path) -> None:
    prepared = Prepared(tmp_path)
    prepared.write(SERVERS)
    given = tmp_path / "referral" / "referral_client_secret"
    given.write_text("given by a provider", "utf-8")
    prepared.write(SERVERS)
    clients = json.loads((tmp_path / "identity" / "clients.json").read_text("utf-8"))
    assert given.read_text("utf-8") == clients["referral"] == "given by a provider"


def test_what_is_written_anew_keeps_its_owner_and_what_is_not_stays_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = Prepared(tmp_path)
    prepared.write(SERVERS)
    before = {each: each.stat() for each in tmp_path.rglob("*") if each.is_file()}
    given: list[tuple[int, int]] = []
    monkeypatch.setattr("deploy.identity.files._owner", lambda _: (-1, -1))
    monkeypatch.setattr("os.fchown", lambda _, user, group: given.append((user, group)))

    prepared.write(replace(SERVERS, nats="x:1"))

    written = [path for path, stat in before.items() if path.stat().st_ino != stat.st_ino]
    assert {path.name for path in written} == {
        *("nats_url", "referral_nats_url", "casework_nats_url", "notify_nats_url"),
    }
    assert given == [(os.getuid(), os.getgid())] * len(written)


@pytest.mark.parametrize("password", ["p@ss/w%rd:1", "with space", "made-up\n", "#?&="])
def test_the_administrators_password_may_be_anything(tmp_path: Path, password: str) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "admin_password").write_text(password, "utf-8")

    url = Prepared(tmp_path).admin_url(
        postgres="db.example.org:5432", database="handoff", user="postgres"
    )

    found = make_url(url)
    assert found.password == password.removesuffix("\n")
    assert (found.host, found.port, found.username) == ("db.example.org", 5432, "postgres")


def test_a_database_is_prepared_with_known_secrets_or_not_at_all(tmp_path: Path) -> None:
    Prepared(tmp_path).write(SERVERS)
    missing = tmp_path / "roles" / "referral_app"
    missing.unlink()
    arguments = ["prepare", "database", str(tmp_path), f"--postgres=127.0.0.1:{free_port()}"]

    with pytest.raises(SecretFileError, match=r"referral_app cannot be read.*prepare secrets"):
        CliRunner().invoke(make_app(), arguments, catch_exceptions=False)

    assert not missing.exists()


def test_an_address_without_a_port_is_said_to_be_that(tmp_path: Path) -> None:
    arguments = ["prepare", "database", str(tmp_path), "--postgres=db.example.org"]
    with pytest.raises(CliError, match="--postgres is to be host:port"):
        CliRunner().invoke(make_app(), arguments, catch_exceptions=False)


def test_nobody_but_the_owner_reads_them(tmp_path: Path) -> None:
    Prepared(tmp_path / "secrets").write(SERVERS)
    modes = {S_IMODE(each.stat().st_mode) for each in (tmp_path / "secrets").rglob("*")}
    assert modes == {0o600, 0o700}


def test_the_configuration_of_nats_holds_each_users_own_password(tmp_path: Path) -> None:
    Prepared(tmp_path).write(SERVERS)
    config = json.loads((tmp_path / "nats" / "nats.conf").read_text("utf-8"))
    passwords = {each["user"]: each["password"] for each in config["authorization"]["users"]}
    assert len(set(passwords.values())) == len(passwords) == len(SERVICES) + 1
    for service in SERVICES:
        url = (tmp_path / service / f"{service}_nats_url").read_text("utf-8")
        assert f"{service}:{passwords[service]}@" in url


def test_a_folder_that_cannot_be_used_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    arguments = ["prepare", "secrets", str(tmp_path / "taken" / "secrets")]
    with pytest.raises(CliError, match=r"taken.* cannot be used: Not a directory\."):
        CliRunner().invoke(make_app(), arguments, catch_exceptions=False)


def test_a_database_that_does_not_answer_is_named_in_a_sentence(tmp_path: Path) -> None:
    Prepared(tmp_path).write(SERVERS)
    arguments = ["prepare", "database", str(tmp_path), f"--postgres=127.0.0.1:{free_port()}"]
    with pytest.raises(CliError, match=r"The database at 127\.0\.0\.1:\d+ could not be prepared"):
        CliRunner().invoke(make_app(), arguments, catch_exceptions=False)


@contextmanager
def answering(status: int) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:  # nothing to say
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ready"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("status", "ends_with"), [(200, 0), (503, 1), (404, 1)])
def test_a_container_is_as_healthy_as_its_service_says(
    status: int, ends_with: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status) as url:
        monkeypatch.setenv(healthy.SETTING, url)
        assert healthy.main() == ends_with


def test_a_proxy_is_not_asked_how_the_service_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with answering(200) as url:
        monkeypatch.setenv(healthy.SETTING, url)
        assert healthy.main() == 0


@pytest.mark.parametrize("url", ["", "file:///etc/hostname", "http://127.0.0.1:{}/ready"])
def test_a_container_that_cannot_be_asked_is_not_healthy(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(healthy.SETTING, url.format(free_port()))
    assert healthy.main() == 1
