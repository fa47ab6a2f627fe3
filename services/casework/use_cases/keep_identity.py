"""Keep who a referral is about, encrypted, and propose whom else it might be about."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import intakes
from services.casework.use_cases.open_identity import IDENTITY_FIELD
from services.casework.use_cases.propose_matches import propose_matches
from shared.messaging.errors import PermanentError
from shared.vault.vault import Vault


async def keep_identity(
    session: AsyncSession, *, referral_id: UUID, packet: bytes, vault: Vault, hash_key: bytes
) -> None:
    """Complete the intake with its identity; doing so twice leaves the same.

    Raises:
        PermanentError: there is no such intake.
    """
    found = await intakes.find_intake(session, referral_id)
    if found is None:
        raise PermanentError("there is no intake to keep this identity for")
    intake, participant_id = found
    # For good under whom it began with, so that linking and splitting encrypt nothing anew.
    subject_id = intake.identity_subject_id or participant_id
    ciphertext = await vault.encrypt(session, subject_id, field=IDENTITY_FIELD, plaintext=packet)
    await intakes.keep_identity(
        session, referral_id=referral_id, subject_id=subject_id, ciphertext=ciphertext
    )
    await propose_matches(session, intake=intake, packet=packet, vault=vault, hash_key=hash_key)
