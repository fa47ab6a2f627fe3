"""Read a referral: what its maker typed, and the live handoff in operational words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import OPEN, HandoffState
from services.referral.domain.referrer_view import (
    ReferrerStatus,
    role_for_referrer,
    status_for_referrer,
)
from services.referral.store import handoffs, referrals
from services.referral.tables.handoffs import Handoff
from services.referral.tables.referrals import Referral
from services.referral.use_cases.judge_eligibility import Told, told_before
from services.referral.use_cases.make_referral import PACKET_FIELD
from shared.clock import app_now
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller
from shared.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ReferralSeen:
    """A referral as its maker may see it."""

    id: UUID
    pathway: str
    received_at: datetime
    status: ReferrerStatus
    accepted_role_code: str | None
    eligibility: Told
    packet: bytes


async def read_referral(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, vault: Vault
) -> ReferralSeen:
    referral, handoff = await _visible(session, caller, referral_id, action="read_referral")
    status = status_for_referrer(
        HandoffState(handoff.state),
        rung=handoff.rung,
        received_at=referral.received_at,
        released_at=handoff.officer_released_at,
        now=await app_now(session),
    )
    return ReferralSeen(
        id=referral.id,
        pathway=referral.pathway,
        received_at=referral.received_at,
        status=status,
        accepted_role_code=role_for_referrer(status, handoff.accepted_role_code),
        eligibility=await told_before(session, referral_id),
        packet=await _packet(session, referral_id, vault=vault),
    )


async def own_referrals(
    session: AsyncSession, caller: Caller, *, before: referrals.Cursor | None, limit: int
) -> Sequence[Referral]:
    """Return what the caller referred, newest first."""
    resource = Resource("Referrals", "own", caller.actor.programme_id)
    permit(session, caller, "list_own_referrals", resource)
    return await referrals.page_of(
        session, referred_by=caller.actor.actor_id, before=before, limit=limit
    )


async def read_identity_packet(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, vault: Vault
) -> bytes:
    """Return who the referral is about, for casework alone."""
    await _visible(session, caller, referral_id, action="read_identity_packet")
    return await _packet(session, referral_id, vault=vault)


async def _visible(
    session: AsyncSession, caller: Caller, referral_id: UUID, *, action: str
) -> tuple[Referral, Handoff]:
    """Find both before either is judged: what is missing costs what is forbidden costs."""
    referral = await referrals.find_referral(session, referral_id)
    handoff = await handoffs.find(session, referral_id=referral_id)
    if referral is None or handoff is None:
        raise Denied.missing(action, kind="Referral", id=str(referral_id))
    attrs = {
        "referred_by": referral.referred_by,
        "waits": "yes" if HandoffState(handoff.state) in OPEN else "no",
    }
    if handoff.accepted_by is not None:
        attrs["accepted_by"] = handoff.accepted_by
    resource = Resource("Referral", str(referral_id), referral.programme_id, attrs)
    permit(session, caller, action, resource)
    return referral, handoff


async def _packet(session: AsyncSession, referral_id: UUID, *, vault: Vault) -> bytes:
    ciphertext = await referrals.find_packet(session, referral_id)
    if ciphertext is None:
        raise LookupError("a referral without a packet cannot be committed")
    return await vault.decrypt(session, referral_id, field=PACKET_FIELD, ciphertext=ciphertext)
