"""Read an episode's contacts with their notes."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import contacts
from services.casework.tables.work import Contact
from services.casework.use_cases.find_episode import find_episode
from services.casework.use_cases.log_contact import NOTE_FIELD
from shared.policy.actor import Caller
from shared.vault.vault import Vault


async def read_contacts(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, vault: Vault, limit: int
) -> list[tuple[Contact, str | None]]:
    """Return the episode's contacts with their notes, newest first."""
    await find_episode(session, caller, episode_id, action="read_contacts")
    found = []
    for each in await contacts.of_episode(session, episode_id=episode_id, limit=limit):
        note = None
        if each.note_ciphertext is not None:
            plain = await vault.decrypt(
                session, each.id, field=NOTE_FIELD, ciphertext=each.note_ciphertext
            )
            note = bytes(plain).decode()
        found.append((each, note))
    return found
