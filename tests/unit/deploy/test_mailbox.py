"""The local mailbox: what it takes, what it shows, and that no mail breaks it."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import aiosmtplib
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from deploy.embedded.errors import EmbeddedError
from deploy.mailbox.app import make_app
from deploy.mailbox.box import SHOWN_AT_MOST, Box
from deploy.mailbox.mail import read, read_summary, received_at, with_envelope
from deploy.mailbox.pages import POLICY, mail_page, pieces
from deploy.mailbox.settings import MailboxSettings
from deploy.mailbox.smtp import LARGEST_BYTES, RECIPIENTS_AT_MOST, catching
from tests.servers import free_port

PEER = "peer-willow@example.org"
ODD = {
    "nothing at all": b"",
    "no headers": b"\r\nonly text",
    "bytes without a charset": b"Subject: caf\xe9 \xff\r\nFrom: \xfe\r\n\r\n\xc3\x28 \x00 \xff",
    "a charset nobody knows": b"Subject: =?x-made-up?b?aGk=?=\r\n"
    b"Content-Type: text/plain; charset=x-made-up\r\n\r\nhi",
    "a charset that is none": b"Subject: =?rot13?q?uv?=\r\n"
    b"Content-Type: text/plain; charset=rot13\r\n\r\nuv",
    "broken base64 in a header": b"Subject: =?utf-8?b?a?=\r\n\r\nhi",
    "broken base64 in the text": b"Content-Transfer-Encoding: base64\r\n\r\n!!!a",
    "a header of two lines": b"Subject: one\r\n two\r\n\r\nhi",
    "a part without an end": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi",
    "a thousand parts in one another": b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n)
        for n in range(1000)
    ),
    "a strange content type": b'Content-Type: ;;;=\r\nTo: "\r\n\r\nhi',
    "a false envelope": b'X-Handoff-Envelope-To: ["somebody@example.org"]\r\n\r\nhi',
    "half characters": b"Subject: =?utf-16?b?2AA=?=\r\n\r\nhi",
}


def kept(raw: bytes, *to: str) -> bytes:
    return with_envelope(raw, to=to or (PEER,))


def mail(subject: str = "A referral waits", text: str = "See the list.", to: str = PEER) -> bytes:
    message = EmailMessage()
    message["From"] = "handoff@example.org"
    message["To"] = to
    message["Subject"] = subject
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mailbox")


def browser(tmp_path: Path) -> httpx.AsyncClient:
    """Look at the folder of `box` as it is now."""
    app = make_app(MailboxSettings(folder=tmp_path / "mailbox"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1")


@pytest.fixture
async def port(box: Box) -> AsyncIterator[int]:
    number = free_port()
    async with catching(box, host="127.0.0.1", port=number):
        yield number


async def send(raw: bytes, *to: str, port: int) -> None:
    await aiosmtplib.send(
        raw,
        sender="handoff@example.org",
        recipients=list(to or (PEER,)),
        hostname="127.0.0.1",
        port=port,
        start_tls=False,
    )


async def test_a_mail_sent_is_kept_whole_before_it_is_answered(
    box: Box, port: int, tmp_path: Path
) -> None:
    await send(mail("A referral waits", "Grüße\n.a line with a dot"), PEER, port=port)

    [summary] = box.newest()
    [file] = (tmp_path / "mailbox").iterdir()
    found = box.mail(summary.id)
    assert (summary.to, summary.subject) == ((PEER,), "A referral waits")
    assert found is not None
    assert found.text.splitlines() == ["Grüße", ".a line with a dot"]
    assert file.name == f"{summary.id}.eml"
    assert file.stat().st_mode & 0o777 == 0o600


async def test_who_it_was_handed_over_for_counts_and_not_what_its_header_says(
    box: Box, port: int
) -> None:
    await send(mail(to="team@example.org"), PEER, "second@example.org", port=port)

    assert [each.to for each in box.newest(to="SECOND@example.org")] == [
        (PEER, "second@example.org")
    ]
    assert box.newest(to="team@example.org") == []


async def test_a_mail_that_is_too_big_is_refused_and_nothing_is_kept(box: Box, port: int) -> None:
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await send(mail(text="a line\n" * (LARGEST_BYTES // 7)), port=port)

    assert refused.value.code == 552
    assert len(box) == 0


async def test_a_mail_too_big_whose_size_was_not_said_before_is_refused_as_well(
    box: Box, port: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"a line\r\n" * (LARGEST_BYTES // 8)
    assert (await reader.readline()).startswith(b"220")
    for command, code in (
        (b"HELO x", b"250"),
        (b"MAIL FROM:<a@example.org>", b"250"),
        (b"RCPT TO:<b@example.org>", b"250"),
        (b"DATA", b"354"),
    ):
        writer.write(command + b"\r\n")
        assert (await reader.readline()).startswith(code)
    writer.write(b"Subject: big\r\n\r\n" + body + b".\r\n")

    assert (await reader.readline()).startswith(b"552")
    assert len(box) == 0
    writer.close()
    await writer.wait_closed()


async def test_a_mail_that_cannot_be_written_is_not_said_to_be_kept(
    box: Box, port: int, tmp_path: Path
) -> None:
    (tmp_path / "mailbox").rename(tmp_path / "elsewhere")

    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(mail(), port=port)

    assert refused.value.code == 452
    assert len(box) == 0


async def test_too_many_recipients_are_refused(port: int) -> None:
    many = [f"peer-{number}@example.org" for number in range(RECIPIENTS_AT_MOST + 1)]

    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        refused, _ = await smtp.sendmail("handoff@example.org", many, mail())

    assert list(refused) == [many[-1]]


async def test_a_taken_port_is_a_sentence(box: Box, port: int) -> None:
    with pytest.raises(EmbeddedError, match=f"Port {port} .* is taken; choose another with --mail"):
        async with catching(box, host="127.0.0.1", port=port):
            pass


async def test_a_box_opened_again_shows_what_was_there_newest_first(
    box: Box, tmp_path: Path
) -> None:
    for number in range(5):
        await box.keep(mail(f"mail {number}"), to=[PEER])
    (tmp_path / "mailbox" / ".half.eml").write_bytes(b"a draft that a crash left")
    (tmp_path / "mailbox" / "notes.eml").write_bytes(b"somebody's own")

    again = Box(tmp_path / "mailbox", kept=3)

    assert again.newest() == box.newest()[:3]
    assert [each.subject for each in again.newest()] == ["mail 4", "mail 3", "mail 2"]
    assert len(list((tmp_path / "mailbox").glob("*-*.eml"))) == 3
    assert (tmp_path / "mailbox" / "notes.eml").exists()


async def test_the_newest_are_kept_and_at_most_500_are_listed(tmp_path: Path) -> None:
    for number in range(SHOWN_AT_MOST + 2):
        id_ = UUID(int=(number << 80) | (7 << 76))
        (tmp_path / f"{id_}.eml").write_bytes(kept(mail(f"mail {number}")))
    box = Box(tmp_path, kept=SHOWN_AT_MOST + 1)

    await box.keep(mail("the newest"), to=[PEER])

    assert len(box) == SHOWN_AT_MOST + 1
    assert len(box.newest()) == SHOWN_AT_MOST
    assert box.newest()[0].subject == "the newest"


async def test_pages_and_json_show_the_same(box: Box, tmp_path: Path) -> None:
    first = await box.keep(mail("First"), to=[PEER])
    second = await box.keep(mail("Second"), to=["manager-fern@example.org"])

    async with browser(tmp_path) as client:
        listed = (await client.get("/messages")).json()["items"]
        narrowed = (await client.get("/messages", params={"to": PEER})).json()["items"]
        whole = (await client.get(f"/messages/{first.id}")).json()
        page = (await client.get("/", params={"to": PEER})).text

    assert [each["id"] for each in listed] == [str(second.id), str(first.id)]
    assert [each["subject"] for each in narrowed] == ["First"]
    assert (whole["text"], whole["to"]) == ("See the list.\n", [PEER])
    assert ["Subject", "First"] in whole["headers"]
    assert "First" in page
    assert "Second" not in page


async def test_what_is_not_there_is_404_as_page_and_as_json(tmp_path: Path) -> None:
    missing = uuid7()

    async with browser(tmp_path) as client:
        assert (await client.get(f"/messages/{missing}")).status_code == 404
        assert (await client.get(f"/mails/{missing}")).status_code == 404
        assert "No such mail" in (await client.get("/mails/nonsense")).text
        assert "Nothing has come yet" in (await client.get("/")).text
        assert (await client.get("/health")).json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/", "/style.css", "/messages", "/mails/x", "/nowhere"])
async def test_every_answer_forbids_scripts_and_anything_from_elsewhere(
    path: str, tmp_path: Path
) -> None:
    async with browser(tmp_path) as client:
        answer = await client.get(path)

    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "default-src 'none'" in POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_page_elsewhere_cannot_read_under_a_name_of_its_own(tmp_path: Path) -> None:
    async with browser(tmp_path) as client:
        answer = await client.get("/messages", headers={"Host": "elsewhere.example.org"})

    assert answer.status_code == 400


async def test_what_a_mail_says_is_text_and_never_markup(box: Box, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    raw = mail("PLACE", f"{evil} http://127.0.0.1/?a=1&b=%22{evil}").replace(
        b"PLACE", f'"><img src=x> {evil}'.encode()
    )
    summary = await box.keep(raw, to=[f'"{evil}"@example.org'])

    async with browser(tmp_path) as client:
        pages = [
            (await client.get(path)).text for path in ("/", f"/mails/{summary.id}", f"/?to={evil}")
        ]

    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "<img" not in page


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_no_odd_mail_breaks_the_page(raw: bytes) -> None:
    found = read(kept(raw), id_=uuid7())

    assert found.summary.to == (PEER,)
    mail_page(found).encode()


@given(st.binary(max_size=300), st.sampled_from(sorted(ODD.values())))
def test_no_bytes_break_the_page(noise: bytes, start: bytes) -> None:
    cut = start[: len(start) // 2][:200]

    for raw in (noise, cut + noise, b"Subject: " + noise):
        mail_page(read(kept(raw), id_=uuid7())).encode()
        read_summary(raw, id_=uuid7())


def test_plain_text_is_shown_and_html_only_as_its_source() -> None:
    both = EmailMessage()
    both.set_content("in words")
    both.add_alternative("<b>in words</b>", subtype="html")
    both.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    alone = EmailMessage()
    alone.set_content("<b>in words</b>", subtype="html")

    shown, source = (read(kept(each.as_bytes()), id_=uuid7()) for each in (both, alone))

    assert (shown.text.strip(), shown.is_source) == ("in words", False)
    assert [(each.name, each.kind) for each in shown.attachments] == [("a.pdf", "application/pdf")]
    assert (source.text.strip(), source.is_source) == ("<b>in words</b>", True)


def test_headers_are_shown_in_plain_words() -> None:
    summary = read_summary(kept(mail("Aviso: una derivación espera 🌱")), id_=uuid7())

    assert summary.subject == "Aviso: una derivación espera 🌱"
    assert read_summary(kept(b"Subject: \xc3\xa9t\xc3\xa9\r\n\r\n"), id_=uuid7()).subject == "été"


def test_a_link_ends_before_the_full_stop_behind_it() -> None:
    assert list(pieces("See http://127.0.0.1:8103/notices. Or javascript:alert(1)")) == [
        ("See ", False),
        ("http://127.0.0.1:8103/notices", True),
        (". Or javascript:alert(1)", False),
    ]


def test_an_id_tells_when_the_mail_came() -> None:
    assert f"{received_at(UUID('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')):%Y-%m-%dT%H:%M:%S}" == (
        "2022-02-22T19:22:22"
    )
