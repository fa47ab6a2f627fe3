"""Read the handoffs that wait for somebody, with whom they were offered to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.store import handoffs
from services.referral.tables.handoffs import Handoff, Offer
from shared.http.access import Resource, permit
from shared.policy.actor import Caller


@dataclass(frozen=True, slots=True)
class OpenHandoff:
    handoff: Handoff
    offers: Sequence[Offer]


async def open_handoffs(
    session: AsyncSession, caller: Caller, *, after: handoffs.Cursor | None, limit: int
) -> Sequence[OpenHandoff]:
    resource = Resource("Referrals", "open", caller.actor.programme_id)
    permit(session, caller, "list_handoffs", resource)
    found = await handoffs.page_of_open(session, after=after, limit=limit)
    by_handoff: dict[UUID, list[Offer]] = defaultdict(list)
    for each in await handoffs.offers(session, [handoff.id for handoff in found]):
        by_handoff[each.handoff_id].append(each)
    return [OpenHandoff(handoff, by_handoff[handoff.id]) for handoff in found]
