"""The pages: escaped by Jinja, without script, and nothing in them is loaded from elsewhere."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.mailbox.mail import Mail, Summary

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_text("utf-8")
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SHOWN = ("from", "to", "cc", "reply-to", "date", "message-id")
LINK = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])")


def list_page(mails: Sequence[Summary], *, to: str | None) -> str:
    return _PAGES.get_template("list.html").render(mails=mails, to=to)


def mail_page(mail: Mail) -> str:
    shown = [each for each in mail.headers if each[0].lower() in SHOWN]
    return _PAGES.get_template("mail.html").render(
        mail=mail, headers=shown, pieces=list(pieces(mail.text))
    )


def missing_page() -> str:
    return _PAGES.get_template("missing.html").render()


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut *text* into what is an address of the web, which becomes a link, and what is not."""
    for index, piece in enumerate(LINK.split(text)):
        if piece:
            yield piece, index % 2 == 1


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["moment"] = _moment
