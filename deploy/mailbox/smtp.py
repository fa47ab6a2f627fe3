"""The side that takes mail. 250 is said after a mail is on disk; nothing is ever sent on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.embedded.ports import LOOPBACK, Port, check_free
from deploy.mailbox.box import Box

LARGEST_BYTES = 1024 * 1024
RECIPIENTS_AT_MOST = 100
NEEDS = "the SMTP of the mailbox"


class Catcher:
    """What aiosmtpd calls: the names of its methods and their arguments are aiosmtpd's."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS_AT_MOST:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, _: SMTP, __: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        try:
            await self._box.keep(content, to=envelope.rcpt_tos)
        except OSError as error:
            return f"452 4.3.1 The mail could not be kept ({error.strerror})"
        return "250 2.0.0 Kept; it goes no further"


@asynccontextmanager
async def catching(box: Box, *, host: str, port: int) -> AsyncIterator[None]:
    """Take mail into *box* meanwhile.

    Raises:
        EmbeddedError: the port is taken.
    """
    if host == LOOPBACK:
        check_free([Port(port, NEEDS, "--mailbox-smtp-port or MAILBOX_SMTP_PORT")])
    catcher = Catcher(box)

    def connected() -> SMTP:
        return SMTP(
            catcher,
            data_size_limit=LARGEST_BYTES,
            enable_SMTPUTF8=True,
            hostname="mailbox.localhost",  # the default would ask the name servers
            ident="Handoff's mailbox",
        )

    server = await asyncio.get_running_loop().create_server(connected, host, port)
    try:
        yield
    finally:
        server.close()
