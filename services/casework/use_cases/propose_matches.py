"""Propose whom else a referral might be about, once its identity is known."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.vault.vault import Vault


async def propose_matches(
    session: AsyncSession, *, referral_id: UUID, packet: bytes, vault: Vault, hash_key: bytes
) -> None:
    """Find candidates by keyed hashes, compare them, and propose them with reasons."""
