"""What can be set for notify alone."""

import pytest

from services.notify.settings import Settings
from shared.settings import SettingsError, load

NEEDED = {
    "DATABASE_URL": "postgresql+asyncpg://nobody:made-up@127.0.0.1/handoff",
    "NATS_URL": "nats://nobody:made-up@127.0.0.1",
    "OIDC_ISSUER": "http://127.0.0.1",
    "CLIENT_SECRET": "made-up",
    "HASH_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


@pytest.fixture(autouse=True)
def _needed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"NOTIFY_{name}", value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOTIFY_SMTP_URL", "http://127.0.0.1:8106"),
        ("NOTIFY_SMTP_URL", "smtp://127.0.0.1"),
        ("NOTIFY_SMTP_URL", "smtp://:8106"),
        ("NOTIFY_SMTP_URL", "smtp://127.0.0.1:80000"),
        ("NOTIFY_SMTP_URL", "smtp://user:word@127.0.0.1:8106"),
        ("NOTIFY_MAIL_FROM", "Handoff"),
        ("NOTIFY_MAIL_FROM", "handoff@example.org\nBcc: all@example.org"),
        ("NOTIFY_CASEWORK_URL", "127.0.0.1:8102"),
    ],
)
def test_what_cannot_be_used_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"{name} cannot be used: set it to "):
        load(Settings)


def test_a_mail_server_is_a_host_and_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SMTP_URL", "smtp://mail.example.org:2525")

    assert load(Settings).smtp_url == "smtp://mail.example.org:2525"
