"""Open a record in an emergency, and have the privacy officer judge it afterwards.

A treating provider may act without consent in a medical emergency (42 CFR 2.51); who used it, when
and why is on record, and is looked at by somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.access import EMERGENCY_LASTS, Review
from services.casework.errors import BreakGlassDiffers, ReviewDiffers
from services.casework.store import access, oversight
from services.casework.tables.access import BreakGlassAccess
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import EmergencyOpened
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller
from shared.vault.vault import Vault

OPEN = "break_glass"
REVIEW = "review_break_glass"
REASON_FIELD = "break_glass_reason"


@dataclass(frozen=True, slots=True)
class AccessSeen:
    """An access with the reason in the words of who opened the record."""

    access: BreakGlassAccess
    reason: str


async def open_record(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    access_id: UUID,
    reason: str,
    vault: Vault,
) -> AccessSeen:
    """Let the caller read one record for some minutes. The same again changes nothing.

    Raises:
        BreakGlassDiffers: something else was stated under this id.
    """
    participant = await find_participant(session, caller, participant_id, action=OPEN)
    referral_id = await access.first_referral_of(session, participant_id)
    if referral_id is None:  # linked: it is another participant's record now
        raise Denied.missing(OPEN, kind="Participant", id=str(participant_id))
    sealed = await vault.encrypt(session, access_id, field=REASON_FIELD, plaintext=reason.encode())
    opened = await oversight.open_for(
        session,
        {
            "id": access_id,
            "programme_id": participant.programme_id,
            "participant_id": participant_id,
            "referral_id": referral_id,
            "staff_id": caller.actor.actor_id,
            "reason_ciphertext": sealed,
        },
        lasts=EMERGENCY_LASTS,
    )
    if opened is None:
        return await _opened_before(
            session, caller, participant_id, access_id=access_id, reason=reason, vault=vault
        )
    _tell(session, opened, now=await app_now(session))
    return AccessSeen(opened, reason)


async def list_accesses(
    session: AsyncSession,
    caller: Caller,
    *,
    reviewed: bool | None,
    before: oversight.Cursor | None,
    limit: int,
    vault: Vault,
) -> Sequence[AccessSeen]:
    """Return who opened which record and why, newest first."""
    resource = Resource("BreakGlassAccesses", "all", caller.actor.programme_id)
    permit(session, caller, "list_break_glass", resource)
    found = await oversight.page(session, reviewed=reviewed, before=before, limit=limit)
    return [await _with_reason(session, each, vault=vault) for each in found]


async def review_access(
    session: AsyncSession, caller: Caller, access_id: UUID, *, judged: Review, vault: Vault
) -> AccessSeen:
    """Judge an access, once. The same again changes nothing.

    Raises:
        ReviewDiffers: it was judged otherwise before.
    """
    present = await oversight.find(session, access_id)
    if present is None:
        raise Denied.missing(REVIEW, kind="BreakGlassAccess", id=str(access_id))
    attrs = {"opened_by": present.staff_id}
    resource = Resource("BreakGlassAccess", str(access_id), present.programme_id, attrs)
    permit(session, caller, REVIEW, resource)
    by = caller.actor.actor_id
    reviewed = await oversight.review(session, access_id, code=judged, by=by)
    reviewed = reviewed or await oversight.find(session, access_id)
    if reviewed is None or reviewed.review_code != judged:
        raise ReviewDiffers
    return await _with_reason(session, reviewed, vault=vault)


async def _opened_before(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    access_id: UUID,
    reason: str,
    vault: Vault,
) -> AccessSeen:
    present = await oversight.find(session, access_id)
    whose = (participant_id, caller.actor.actor_id)
    if present is None or (present.participant_id, present.staff_id) != whose:
        raise BreakGlassDiffers
    seen = await _with_reason(session, present, vault=vault)
    if seen.reason != reason:
        raise BreakGlassDiffers
    return seen


async def _with_reason(
    session: AsyncSession, present: BreakGlassAccess, *, vault: Vault
) -> AccessSeen:
    plain = await vault.decrypt(
        session, present.id, field=REASON_FIELD, ciphertext=present.reason_ciphertext
    )
    return AccessSeen(present, bytes(plain).decode())


def _tell(session: AsyncSession, opened: BreakGlassAccess, *, now: datetime) -> None:
    event = EmergencyOpened(
        programme_id=opened.programme_id,
        aggregate_id=opened.id,
        aggregate_version=1,
        occurred_at=now,
        referral_id=opened.referral_id,
        access_id=opened.id,
        participant_id=opened.participant_id,
        staff_id=opened.staff_id,
    )
    tell(session, event)
