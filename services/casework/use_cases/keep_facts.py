"""Keep what the referral service told of a referral, and do what follows from it.

An acceptance and an agreement settle the referral's episode; a release brings the announcement of
a return forward.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.store import facts, returns
from services.casework.use_cases.announce_return import announce_return
from services.casework.use_cases.settle_episode import settle_episode
from shared.events.base import Event
from shared.events.referral import (
    HandoffAccepted,
    HandoffMet,
    HandoffOfficerReleased,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    ReferralEligibilityDecided,
    ReferralEvent,
    ReferralWithdrawn,
)

# What each event says of its referral, in columns of its own.
STATED: Mapping[type[Event], Callable[[Any], dict[str, Any]]] = {
    ReferralEligibilityDecided: lambda told: {
        "policy_id": told.policy_id,
        "policy_version": told.policy_version,
        "stated_result": told.result,
        "repeat_rule_kind": told.repeat_rule_kind,
        "repeat_days": told.repeat_days,
    },
    ReferralWithdrawn: lambda told: {"withdrawn_at": told.occurred_at},
    HandoffAccepted: lambda told: {
        "accepted_at": told.occurred_at,
        "accepted_by": told.accepted_by,
        "accepted_role_code": told.accepted_role_code,
    },
    HandoffMet: lambda told: {"met_at": told.occurred_at},
    HandoffPersonAgreed: lambda told: {"person_agreed_at": told.occurred_at},
    HandoffPersonDeclined: lambda told: {"person_declined_at": told.occurred_at},
    HandoffOfficerReleased: lambda told: {"officer_released_at": told.occurred_at},
}


# The others change nothing that an episode is made of.
SETTLED_BY = (HandoffAccepted, HandoffPersonAgreed)


async def keep_facts(session: AsyncSession, event: ReferralEvent) -> None:
    """Keep what *event* says, and do what follows from all that is known then."""
    await facts.lock_referral(session, event.referral_id)
    if isinstance(event, HandoffOfficerReleased):
        # Settling an earlier referral of the person notes this one's return: before or after us.
        await facts.lock_person(session, referral_id=event.referral_id)
    await facts.keep(
        session,
        referral_id=event.referral_id,
        programme_id=event.programme_id,
        facts=STATED[type(event)](event),
    )
    if isinstance(event, SETTLED_BY):
        await settle_episode(session, referral_id=event.referral_id)
    if isinstance(event, HandoffOfficerReleased):
        await returns.bring_forward(session, referral_id=event.referral_id, to=event.occurred_at)
        await announce_return(
            session, referral_id=event.referral_id, programme_id=event.programme_id
        )
