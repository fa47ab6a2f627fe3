"""A key-encryption key is replaced: what it wrapped opens all the while, and then without it."""

import asyncio
import base64
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result
from uuid_utils.compat import uuid7

from deploy.cli.errors import CliError
from deploy.cli.main import make_app
from deploy.cli.rewrap import NOBODY
from shared.db.session import Sessions
from shared.vault import keys
from shared.vault.sealing import KeyGone, UnreadableError
from shared.vault.vault import Rewrapped, Vault
from tests.conftest import SessionsFor
from tests.servers import Database

OLD, NEW = b"k" * 32, b"l" * 32
SCHEMA = keys.vault_schema("referral")
BEFORE = Vault(OLD, SCHEMA)
MEANWHILE = Vault(NEW, SCHEMA, former=[OLD])
AFTERWARDS = Vault(NEW, SCHEMA)
TEXT = b"Test Participant Birch, 555-0142"


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("referral")


async def sealed(sessions: Sessions, vault: Vault) -> tuple[UUID, bytes]:
    subject = uuid7()
    async with sessions.begin() as session:
        return subject, await vault.encrypt(session, subject, field="note", plaintext=TEXT)


async def opened(sessions: Sessions, vault: Vault, subject: UUID, blob: bytes) -> bytes:
    async with sessions.begin() as session:
        return await vault.decrypt(session, subject, field="note", ciphertext=blob)


async def rewrapped(sessions: Sessions, vault: Vault, *, limit: int = 2) -> list[Rewrapped]:
    found: list[Rewrapped] = []
    after = NOBODY
    while True:
        async with sessions.begin() as session:
            done = await vault.rewrap(session, after=after, limit=limit)
        if done is None:
            return found
        found.append(done)
        after = done.until


async def test_what_was_wrapped_opens_while_the_key_is_replaced_and_after_it(
    sessions: Sessions,
) -> None:
    before = [await sealed(sessions, BEFORE) for _ in range(5)]
    meanwhile = await sealed(sessions, MEANWHILE)
    for subject, blob in (*before, meanwhile):
        assert await opened(sessions, MEANWHILE, subject, blob) == TEXT

    done = await rewrapped(sessions, MEANWHILE)

    assert [(each.opened, each.unopened) for each in done] == [(2, 0), (2, 0), (1, 0)]
    for subject, blob in (*before, meanwhile):
        assert await opened(sessions, AFTERWARDS, subject, blob) == TEXT
        with pytest.raises(UnreadableError):
            await opened(sessions, BEFORE, subject, blob)
    assert await rewrapped(sessions, MEANWHILE) == []


async def test_a_destroyed_key_stays_destroyed(sessions: Sessions) -> None:
    subject, blob = await sealed(sessions, BEFORE)
    async with sessions.begin() as session:
        await BEFORE.destroy(session, subject)

    assert await rewrapped(sessions, MEANWHILE) == []
    with pytest.raises(KeyGone):
        await opened(sessions, MEANWHILE, subject, blob)


async def test_what_opens_under_no_key_is_counted_and_left_as_it_is(sessions: Sessions) -> None:
    lost = await sealed(sessions, Vault(b"m" * 32, SCHEMA))
    await sealed(sessions, BEFORE)

    done = await rewrapped(sessions, MEANWHILE, limit=10)

    assert [(each.opened, each.unopened) for each in done] == [(1, 1)]
    assert await opened(sessions, Vault(b"m" * 32, SCHEMA), *lost) == TEXT


async def test_the_command_takes_the_services_settings_and_says_when_the_old_key_can_go(
    sessions: Sessions, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, blob = await sealed(sessions, BEFORE)
    settings = {
        "DATABASE_URL": database.url("referral"),
        "NATS_URL": "nats://nobody:made-up@127.0.0.1:9",
        "OIDC_ISSUER": "http://127.0.0.1:9",
        "CLIENT_SECRET": "made-up",
        "HASH_KEY": text_of(OLD),
        "KEY_ENCRYPTION_KEY": text_of(NEW),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"REFERRAL_{name}", value)

    forgotten = await asyncio.to_thread(run)
    assert isinstance(forgotten.exception, CliError)
    assert "REFERRAL_FORMER_KEY_ENCRYPTION_KEYS" in str(forgotten.exception)

    monkeypatch.setenv(
        "REFERRAL_FORMER_KEY_ENCRYPTION_KEYS", f"{text_of(b'm' * 32)} {text_of(OLD)}"
    )
    done = await asyncio.to_thread(run)
    assert done.exit_code == 0, done.output
    assert "1 data keys wrapped anew" in done.output
    assert "None is left" in done.output
    assert await opened(sessions, AFTERWARDS, subject, blob) == TEXT

    again = await asyncio.to_thread(run)
    assert "0 data keys wrapped anew" in again.output


def run() -> Result:
    return CliRunner().invoke(make_app(("rewrap",)), ["rewrap", "referral"])


def text_of(key: bytes) -> str:
    return base64.b64encode(key).decode()
