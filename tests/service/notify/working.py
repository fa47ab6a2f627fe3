"""What the worker of notify does, step by step, against servers that a test has."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notify.worker import make_work, subscriptions
from shared.events.base import Event
from shared.events.referral import StaffChanged
from shared.http.service_token import ServiceTokens
from shared.messaging.delivery import Done, deliver
from shared.messaging.tasks import do_next
from shared.messaging.timers import fire_due
from shared.messaging.worker import Work
from shared.service import Means
from tests.builders import an
from tests.identity import ISSUER
from tests.service.apps import ServiceApp, settings_of

LEDGER = (
    "SELECT recipient_id, channel, state, reason_code FROM delivery"
    " ORDER BY channel, recipient_id, planned_at"
)
AT_MOST = 20


async def told(app: ServiceApp, *events: Event) -> None:
    """Have *events* handled, each by every consumer that wants it."""
    for event in events:
        for subscription in subscriptions.all:
            if subscription.wants(event):
                assert await deliver(subscription, event, app.sessions) == Done()


async def hired(app: ServiceApp, who: str, role: str, *, agency: str | None = None) -> None:
    """Have it told that somebody is on the staff, and give them an address."""
    await told(
        app,
        an(StaffChanged, staff_id=who, role_codes=[role], agency_id=agency, aggregate_version=1),
    )
    await addressed(app, who)


async def addressed(app: ServiceApp, who: str, *, language: str = "en") -> None:
    body = {"email": f"{who}@example.org", "language_code": language}
    put = await app.as_("administrator-acacia", purpose="administration").put(
        f"/delivery-addresses/{who}", json=body
    )
    assert put.status_code == 200, put.text


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class MailServer:
    """A real SMTP server in the test's own loop, which can refuse and can hang up."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    found = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(found, hostname="mail.example.org", enable_SMTPUTF8=False, loop=loop),
        "127.0.0.1",
        0,
    )
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Casework:
    """Something that answers HTTP where casework would: what it was asked, what it says next.

    An answer of None is lost: the question was read, and the connection ends.
    """

    port: int = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, Any] | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *rest = head.rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = line.split(" ")
        self.asked.append((method, path, json.loads(body) if body else None))
        self.headers.append(headers)
        answer = self.answers.pop(0)
        if answer is not None:
            status, found = answer
            content = json.dumps(found).encode()
            writer.write(
                f"HTTP/1.1 {status} Said\r\nConnection: close\r\n"
                f"Content-Length: {len(content)}\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def casework_answering(*answers: tuple[int, Any] | None) -> AsyncIterator[Casework]:
    found = Casework(answers=list(answers))
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def work_of(app: ServiceApp, *, casework: int = 9, smtp: int = 9) -> AsyncIterator[Work]:
    """Yield the service's work with casework and a mail server at their ports; nobody is at 9."""
    tokens = ServiceTokens(ISSUER, "notify", app.provider.secrets["notify"], transport=app.provider)
    settings = settings_of(
        "notify",
        app.database,
        smtp_url=f"smtp://127.0.0.1:{smtp}",
        casework_url=f"http://127.0.0.1:{casework}",
    )
    async with httpx.AsyncClient(timeout=5) as http:
        yield make_work(
            settings,
            Means(service="notify", sessions=app.sessions, tokens=tokens, http=http, vault=None),
        )
    await tokens.aclose()


async def work_once(app: ServiceApp, work: Work) -> int:
    """Fire what is due, then do each task that waits once; return how many there were."""
    while await fire_due(app.sessions, work.timers, service="notify"):
        pass
    await app.rows("UPDATE task SET try_at = now() RETURNING 1")
    done = 0
    while done < AT_MOST and await do_next(app.sessions, work.calls, service="notify"):
        done += 1
    return done


async def ledger(app: ServiceApp) -> list[tuple[Any, ...]]:
    return await app.rows(LEDGER)
