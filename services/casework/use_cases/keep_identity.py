"""Keep who a referral is about, encrypted under the participant's key."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import intakes
from shared.messaging.errors import PermanentError
from shared.vault.vault import Vault

IDENTITY_FIELD = "intake_identity"


async def keep_identity(
    session: AsyncSession, *, referral_id: UUID, packet: bytes, vault: Vault
) -> None:
    """Complete the intake with its identity; doing so twice leaves the same.

    Raises:
        PermanentError: there is no such intake.
    """
    participant_id = await intakes.participant_of(session, referral_id=referral_id)
    if participant_id is None:
        raise PermanentError("there is no intake to keep this identity for")
    ciphertext = await vault.encrypt(
        session, participant_id, field=IDENTITY_FIELD, plaintext=packet
    )
    await intakes.keep_identity(
        session, referral_id=referral_id, subject_id=participant_id, ciphertext=ciphertext
    )
