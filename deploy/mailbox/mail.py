"""What a mail says, read from its bytes. Whatever a sender made up, something readable results.

A mail lies in its file behind one line of our own: to whom it was handed over. That is not what
its header `To` says, which may name a list, nobody, or somebody else.
"""

import email
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message
from uuid import UUID

ENVELOPE = b"X-Handoff-Envelope-To: "
END_OF_LINE = b"\r\n"
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
INSTEAD = "\N{REPLACEMENT CHARACTER}"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One mail as a list shows it."""

    id: UUID
    received_at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came along and is not shown."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail whole; `is_source` says that the text is the source of HTML."""

    summary: Summary
    headers: tuple[tuple[str, str], ...]
    text: str
    is_source: bool
    attachments: tuple[Attachment, ...]


def with_envelope(raw: bytes, *, to: Sequence[str]) -> bytes:
    """Return what is kept of the mail *raw* that was handed over for *to*."""
    return ENVELOPE + json.dumps(list(to)).encode("ascii") + END_OF_LINE + raw


def read_summary(kept: bytes, *, id_: UUID) -> Summary:
    """Return who a kept mail is to and from, and what about."""
    to, raw = _without_envelope(kept)
    return _summary(id_, to, _headers(raw))


def read(kept: bytes, *, id_: UUID) -> Mail:
    """Return all that can be shown of a kept mail."""
    to, raw = _without_envelope(kept)
    headers = _headers(raw)
    try:
        text, is_source, attachments = _content(email.message_from_bytes(raw))
    except Exception:  # noqa: BLE001 - a mail nested a thousand deep ends as its bare bytes
        text, is_source, attachments = clean(raw.decode("utf-8", "replace")), True, ()
    return Mail(
        summary=_summary(id_, to, headers),
        headers=headers,
        text=text,
        is_source=is_source,
        attachments=attachments,
    )


def clean(text: str) -> str:
    """Return *text* as it can be shown and sent: no control characters, no half characters."""
    return UNREADABLE.sub(INSTEAD, text.replace("\r\n", "\n"))


def received_at(id_: UUID) -> datetime:
    """Return the moment that a UUID of version 7 begins with (RFC 9562, section 5.7)."""
    return EPOCH + timedelta(milliseconds=id_.int >> 80)


def _without_envelope(kept: bytes) -> tuple[tuple[str, ...], bytes]:
    line, _, raw = kept.partition(END_OF_LINE)
    if not line.startswith(ENVELOPE):
        return (), kept
    try:
        return tuple(clean(str(each)) for each in json.loads(line[len(ENVELOPE) :])), raw
    except (ValueError, TypeError):
        return (), raw


def _summary(id_: UUID, to: tuple[str, ...], headers: Sequence[tuple[str, str]]) -> Summary:
    first = {name.lower(): value for name, value in reversed(headers)}
    return Summary(
        id=id_,
        received_at=received_at(id_),
        to=to,
        sender=first.get("from", ""),
        subject=" ".join(first.get("subject", "").split()),
    )


def _headers(raw: bytes) -> tuple[tuple[str, str], ...]:
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    message = email.message_from_bytes(head + b"\r\n\r\n")
    return tuple((clean(name), _decoded(str(value))) for name, value in message.raw_items())


def _decoded(value: str) -> str:
    """Return a header's value in plain words; bytes that no charset explains are UTF-8 or lost."""
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        pieces = decode_header(text)
    except Exception:  # noqa: BLE001 - it raises what its base64 meets, of many kinds
        return clean(text)
    return clean("".join(_piece(*each) for each in pieces))


def _piece(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return _text(piece, charset or "raw-unicode-escape")


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _content(message: Message) -> tuple[str, bool, tuple[Attachment, ...]]:
    leaves = list(_leaves(message))
    plain = [each for each in leaves if _is_shown(each, "text/plain")]
    shown = plain or [each for each in leaves if _is_shown(each, "text/html")]
    attachments = tuple(
        Attachment(_decoded(str(each.get_filename() or "")), clean(each.get_content_type()))
        for each in leaves
        if each.get_content_maintype() != "text" or each.get_filename()
    )
    return "\n".join(_words(each) for each in shown), bool(shown) and not plain, attachments


def _leaves(message: Message) -> Iterator[Message]:
    return (each for each in message.walk() if not each.is_multipart())


def _is_shown(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and not part.get_filename()


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return clean(_text(content, str(part.get_content_charset() or "utf-8")))
