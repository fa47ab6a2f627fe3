"""Mail by SMTP: one message to one person, with an honest answer to whether it was handed over.

Until the message itself is sent nothing has left, whatever goes wrong. After that only the server's
own answer decides; without one the result is in doubt.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import Enum, auto
from urllib.parse import urlsplit
from uuid import UUID

import aiosmtplib

from services.notify.domain.mail import Text

SECONDS = 8  # for each step; all of them together end before a task's lease does
REFUSED_FOR_GOOD = 500


class Result(Enum):
    HANDED_OVER = auto()
    REFUSED = auto()  # the server will never take it
    NOT_SENT = auto()  # it surely did not leave; later it may
    IN_DOUBT = auto()


@dataclass(frozen=True, slots=True)
class Email:
    """A mail server and in whose name mail is sent."""

    host: str
    port: int
    sender: str

    @classmethod
    def at(cls, url: str, *, sender: str) -> "Email":
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 25, sender)

    async def send(self, *, id: UUID, to: str, text: Text) -> Result:  # noqa: A002 - as in Message-ID
        """Send one message; *id* makes its Message-ID, the same at every try."""
        client = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, timeout=SECONDS, use_tls=False, start_tls=False
        )
        try:
            try:
                await client.connect()
                await client.mail(self.sender)
                await client.rcpt(to)
            except aiosmtplib.SMTPRecipientRefused as refusal:
                return _refused(refusal)
            except (aiosmtplib.SMTPException, OSError):
                return Result.NOT_SENT
            return await _hand_over(client, self._message(id=id, to=to, text=text))
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()

    def _message(self, *, id: UUID, to: str, text: Text) -> bytes:  # noqa: A002 - as above
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = to
        message["Subject"] = text.subject
        message["Message-ID"] = f"<{id}@{self.sender.rpartition('@')[2]}>"
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message.set_content(text.body, cte="quoted-printable")
        return message.as_bytes(policy=SMTP)


async def _hand_over(client: aiosmtplib.SMTP, message: bytes) -> Result:
    try:
        await client.data(message)
    except aiosmtplib.SMTPResponseException as refusal:
        return _refused(refusal)
    except (aiosmtplib.SMTPException, OSError):
        return Result.IN_DOUBT
    return Result.HANDED_OVER


def _refused(refusal: aiosmtplib.SMTPResponseException) -> Result:
    return Result.REFUSED if refusal.code >= REFUSED_FOR_GOOD else Result.NOT_SENT
