"""Confirm how a person may safely be reached; what is planned moves into those hours."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import followups
from services.casework.tables.work import SafeContact
from services.casework.use_cases.find_intake import find_intake
from services.casework.use_cases.plan_followups import replan_followups
from shared.clock import app_now
from shared.policy.actor import Caller


async def confirm_safe_contact(
    session: AsyncSession, caller: Caller, referral_id: UUID, stated: Mapping[str, Any]
) -> SafeContact:
    intake, _ = await find_intake(session, caller, referral_id, action="confirm_safe_contact")
    await followups.put_safe_contact(
        session,
        {
            "referral_id": referral_id,
            "programme_id": intake.programme_id,
            "confirmed_at": await app_now(session),
            "confirmed_by": caller.actor.actor_id,
            **stated,
        },
    )
    await replan_followups(session, referral_id=referral_id)
    confirmed = await followups.safe_contact_of(session, referral_id=referral_id)
    if confirmed is None:
        raise LookupError("it was confirmed just now")
    return confirmed


async def read_safe_contact(
    session: AsyncSession, caller: Caller, referral_id: UUID
) -> SafeContact | None:
    """Return what was last confirmed of the person, by whichever referral."""
    await find_intake(session, caller, referral_id, action="read_safe_contact")
    return await followups.safe_contact_of(session, referral_id=referral_id)
