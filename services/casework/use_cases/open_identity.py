"""Open what was stated of the person of a referral; a key that was destroyed leaves nothing."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.participants import Intake
from shared.vault.sealing import KeyGone
from shared.vault.vault import Vault

IDENTITY_FIELD = "intake_identity"


async def open_identity(session: AsyncSession, intake: Intake, *, vault: Vault) -> bytes | None:
    """Return the packet as JSON; None while it is arriving, or when it was erased."""
    if intake.identity_ciphertext is None or intake.identity_subject_id is None:
        return None
    try:
        return await vault.decrypt(
            session,
            intake.identity_subject_id,
            field=IDENTITY_FIELD,
            ciphertext=intake.identity_ciphertext,
        )
    except KeyGone:
        return None
