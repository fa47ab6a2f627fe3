"""Make a referral's episode what it should be, given all that is known by now."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


async def settle_episode(session: AsyncSession, *, referral_id: UUID) -> None:
    """Open, merge or reopen; doing so twice, or in another order, ends in the same."""
