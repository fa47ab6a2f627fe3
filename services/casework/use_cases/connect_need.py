"""Say whether a person is connected with somebody who meets a need."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.needs import NeedState
from services.casework.errors import NeedSettled
from services.casework.store import needs
from services.casework.tables.episodes import Need
from services.casework.use_cases.find_episode import find_episode
from services.casework.use_cases.permit_record import permit_record
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import NeedConnected, NeedNotConnected
from shared.policy.actor import Caller


async def connect_need(session: AsyncSession, caller: Caller, need_id: UUID) -> Need:
    """The person is with somebody who meets the need. Again changes nothing."""
    return await _settle(session, caller, need_id, to=NeedState.CONNECTED, reason_code=None)


async def leave_unconnected(
    session: AsyncSession, caller: Caller, need_id: UUID, *, reason_code: str
) -> Need:
    """Nobody was found so far, and why. Again changes nothing.

    Raises:
        NeedSettled: the person is connected, or another reason was given.
    """
    return await _settle(
        session, caller, need_id, to=NeedState.NOT_CONNECTED, reason_code=reason_code
    )


async def read_needs(session: AsyncSession, caller: Caller, episode_id: UUID) -> Sequence[Need]:
    """Return the episode's needs, oldest first."""
    await find_episode(session, caller, episode_id, action="read_needs")
    return await needs.of_episode(session, episode_id=episode_id)


async def _settle(
    session: AsyncSession,
    caller: Caller,
    need_id: UUID,
    *,
    to: NeedState,
    reason_code: str | None,
) -> Need:
    need = await needs.find(session, need_id)
    await permit_record(session, caller, "settle_need", kind="Need", id=need_id, found=need)
    now = await app_now(session)
    settled = await needs.settle(session, need_id, to=to, reason_code=reason_code, now=now)
    if settled is not None:
        _tell(session, settled)
        return settled
    present = await needs.find(session, need_id)
    if present is None or (present.state, present.reason_code) != (to, reason_code):
        raise NeedSettled
    return present


def _tell(session: AsyncSession, need: Need) -> None:
    kind = NeedConnected if need.state == NeedState.CONNECTED else NeedNotConnected
    event = kind(
        programme_id=need.programme_id,
        aggregate_id=need.id,
        aggregate_version=need.version,
        occurred_at=need.settled_at,
        referral_id=need.referral_id,
        episode_id=need.episode_id,
        need_id=need.id,
    )
    reason = {"reason_code": need.reason_code} if need.reason_code else {}
    tell(session, event, need_code=need.need_code, **reason)
