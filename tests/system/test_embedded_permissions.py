"""What the embedded NATS lets each service's user do: its list, and nothing else."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy import nats_permissions
from deploy.embedded.nats_server import NatsServer
from deploy.nats_config import NatsUser
from tests.servers import free_port

PASSWORDS = {
    "referral": "made-up-1",
    "casework": "made-up-2",
    "notify": "made-up-3",
    "listener": "made-up-5",
}
POWERLESS = NatsUser(name="powerless", password="made-up-4", publish=(), subscribe=())
CREATED = "deflection.referral.created.v1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    server = NatsServer(
        tmp_path_factory.mktemp("nats"),
        port=free_port(),
        monitor_port=free_port(),
        users=(*nats_permissions.users(PASSWORDS), POWERLESS),
    )
    server.start()
    yield server
    server.stop()


class Connection:
    """A client, and what the server complained about to it."""

    def __init__(self) -> None:
        self.client = Client()
        self.complaint: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def note(self, error: Exception) -> None:
        if not self.complaint.done():
            self.complaint.set_result(str(error))


@pytest.fixture
async def connections() -> AsyncIterator[list[Connection]]:
    made: list[Connection] = []
    yield made
    for each in made:
        await each.client.close()


async def connect(server: NatsServer, connections: list[Connection], name: str) -> Connection:
    made = Connection()
    password = {**PASSWORDS, "powerless": POWERLESS.password}[name]
    await made.client.connect(
        f"nats://{name}:{password}@127.0.0.1:{server.port}",
        inbox_prefix=f"_INBOX_{name}".encode(),
        error_cb=made.note,
        allow_reconnect=False,
    )
    connections.append(made)
    return made


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("notify", CREATED),
        ("casework", CREATED),
        ("referral", "deflection.participant.linked.v1"),
        ("referral", "$JS.API.STREAM.DELETE.REFERRAL"),
        ("referral", "$JS.API.STREAM.INFO.CASEWORK"),
        ("referral", "$JS.API.CONSUMER.CREATE.CASEWORK.referral-spy.deflection.>"),
        ("casework", "$JS.API.CONSUMER.CREATE.REFERRAL.casework-spy.deflection.>"),
        ("casework", "$JS.API.STREAM.MSG.GET.REFERRAL"),
        ("listener", "deflection.handoff.accepted.v1"),
        ("listener", "$JS.API.CONSUMER.CREATE.REFERRAL.listener.deflection.>"),
        ("listener", "$JS.API.CONSUMER.CREATE.CASEWORK.listener.deflection.handoff.>"),
        ("listener", "$JS.API.CONSUMER.CREATE.REFERRAL.casework-intake.deflection.handoff.>"),
        ("listener", "wake.referral"),
        ("powerless", "anything"),
    ],
)
async def test_publishing_outside_the_list_is_refused(
    server: NatsServer, connections: list[Connection], user: str, subject: str
) -> None:
    connection = await connect(server, connections, user)

    await connection.client.publish(subject, b"{}")

    complaint = await asyncio.wait_for(connection.complaint, timeout=5)
    assert complaint.lower() == f'nats: permissions violation for publish to "{subject}"'.lower()


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("casework", CREATED),
        ("referral", "deflection.>"),
        ("notify", "_INBOX_casework.>"),
        ("notify", "_INBOX.>"),
        ("referral", "$JS.>"),
        ("powerless", ">"),
    ],
)
async def test_listening_outside_the_list_is_refused(
    server: NatsServer, connections: list[Connection], user: str, subject: str
) -> None:
    connection = await connect(server, connections, user)

    await connection.client.subscribe(subject)

    complaint = await asyncio.wait_for(connection.complaint, timeout=5)
    assert f'permissions violation for subscription to "{subject}"'.lower() in complaint.lower()


async def test_a_service_wakes_itself_as_its_list_allows(
    server: NatsServer, connections: list[Connection]
) -> None:
    connection = await connect(server, connections, "referral")
    heard = await connection.client.subscribe("wake.referral")

    await connection.client.publish("wake.referral", b"now")

    assert (await heard.next_msg(timeout=5)).data == b"now"
    assert not connection.complaint.done()


def test_nobody_connects_without_a_password(server: NatsServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"CONNECT {}\r\nPING\r\n")
        with connection.makefile("rb") as answers:
            greeting, refusal = answers.readline(), answers.readline()

    assert b'"auth_required":true' in greeting
    assert refusal == b"-ERR 'Authorization Violation'\r\n"


def test_no_user_may_use_the_whole_jetstream_api() -> None:
    wide = {"$JS.API.>", "$JS.>", ">", "$JS.API.*.>"}

    for user in nats_permissions.users(PASSWORDS):
        assert not wide & {*user.publish, *user.subscribe}


def test_the_passwords_lie_where_only_the_owner_can_read(server: NatsServer) -> None:
    config = Path(server.folder) / "nats.conf"

    assert config.stat().st_mode & 0o077 == 0
