import asyncio

import pytest
from sqlalchemy import MetaData, func, select, text
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from shared.db.session import Sessions
from shared.vault import keys
from shared.vault.sealing import KeyGone, UnreadableError
from shared.vault.vault import Vault
from tests.conftest import SessionsFor

KEY = b"k" * 32
SCHEMA = keys.vault_schema("referral")
VAULT = Vault(KEY, SCHEMA)
TABLE = keys.table(MetaData(), schema=SCHEMA)
TEXT = b"Test Participant Birch, 555-0142"


@pytest.fixture
def sessions(sessions_for: SessionsFor) -> Sessions:
    return sessions_for("referral")


async def test_what_is_encrypted_can_be_read_later(sessions: Sessions) -> None:
    subject = uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
        again = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)

    async with sessions.begin() as session:
        assert await VAULT.decrypt(session, subject, field="note", ciphertext=blob) == TEXT
        assert await VAULT.decrypt(session, subject, field="note", ciphertext=again) == TEXT
    assert blob != again


async def test_a_subject_has_one_key_however_many_ask_first_at_once(sessions: Sessions) -> None:
    subject = uuid7()

    async def encrypt() -> bytes:
        async with sessions.begin() as session:
            return await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)

    blobs = await asyncio.gather(*(encrypt() for _ in range(6)))

    async with sessions.begin() as session:
        for blob in blobs:
            assert await VAULT.decrypt(session, subject, field="note", ciphertext=blob) == TEXT
        count = select(func.count()).where(TABLE.c.subject_id == subject)
        assert await session.scalar(count) == 1


async def test_a_key_that_is_rolled_back_was_never_there(sessions: Sessions) -> None:
    subject = uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
        await session.rollback()

    async with sessions.begin() as session:
        with pytest.raises(KeyGone):
            await VAULT.decrypt(session, subject, field="note", ciphertext=blob)


async def test_a_blob_opens_only_as_the_field_of_the_subject_it_was(sessions: Sessions) -> None:
    subject, other = uuid7(), uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
        await VAULT.encrypt(session, other, field="note", plaintext=TEXT)

        with pytest.raises(UnreadableError):
            await VAULT.decrypt(session, subject, field="phone", ciphertext=blob)
        with pytest.raises(UnreadableError):
            await VAULT.decrypt(session, other, field="note", ciphertext=blob)


async def test_a_wrapped_key_moved_to_another_subject_does_not_open(sessions: Sessions) -> None:
    subject, other = uuid7(), uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
        await VAULT.encrypt(session, other, field="note", plaintext=TEXT)
        stolen = select(TABLE.c.wrapped).where(TABLE.c.subject_id == other).scalar_subquery()
        await session.execute(
            TABLE.update().where(TABLE.c.subject_id == subject).values(wrapped=stolen)
        )

        with pytest.raises(UnreadableError):
            await VAULT.decrypt(session, subject, field="note", ciphertext=blob)


async def test_without_the_key_encryption_key_nothing_opens(sessions: Sessions) -> None:
    subject = uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)

        with pytest.raises(UnreadableError):
            await Vault(b"l" * 32, SCHEMA).decrypt(session, subject, field="note", ciphertext=blob)


async def test_a_destroyed_key_is_gone_for_reading_and_for_writing(sessions: Sessions) -> None:
    subject = uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
    async with sessions.begin() as session:
        assert await VAULT.destroy(session, subject)

    async with sessions.begin() as session:
        assert not await VAULT.destroy(session, subject)
        with pytest.raises(KeyGone):
            await VAULT.decrypt(session, subject, field="note", ciphertext=blob)
        with pytest.raises(KeyGone):
            await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)


async def test_neither_text_nor_key_lies_in_the_table(sessions: Sessions) -> None:
    subject = uuid7()
    async with sessions.begin() as session:
        blob = await VAULT.encrypt(session, subject, field="note", plaintext=TEXT)
        wrapped = await session.scalar(select(TABLE.c.wrapped))

    assert wrapped is not None
    assert len(wrapped) == 5 + 12 + 32 + 16
    assert KEY not in wrapped
    assert b"Birch" not in blob + wrapped


@pytest.mark.parametrize("role", ["reporting"])
async def test_reporting_cannot_reach_the_keys(role: str, sessions_for: SessionsFor) -> None:
    async with sessions_for("referral", role=role).begin() as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text(f"SELECT FROM {SCHEMA}.data_key"))


async def test_another_service_cannot_reach_the_keys(sessions_for: SessionsFor) -> None:
    async with sessions_for("casework").begin() as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text(f"SELECT FROM {SCHEMA}.data_key"))


def test_a_key_encryption_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short", SCHEMA)
