"""Plan an episode's follow-ups, and cancel what is left of them when work ends."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.tables.episodes import Episode


async def plan_followups(session: AsyncSession, episode: Episode) -> None:
    """Plan the follow-ups of an episode in which the person has just agreed to take part."""


async def cancel_followups(session: AsyncSession, episode: Episode) -> None:
    """Cancel what has not happened yet: the episode ended or rests."""
