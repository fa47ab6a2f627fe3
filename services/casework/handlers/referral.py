"""What casework does about events of the referral service."""

from collections.abc import Sequence
from itertools import groupby

from services.casework.projections.timeline import (
    HANDOFF_EVENTS,
    REFERRAL_EVENTS,
    entry_from,
)
from services.casework.store import timeline
from services.casework.use_cases.keep_facts import keep_facts
from services.casework.use_cases.open_intake import open_intake
from shared.db.session import Scope, Sessions, enter
from shared.events.base import Event
from shared.events.referral import (
    HandoffAccepted,
    HandoffMet,
    HandoffOfficerReleased,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    ReferralCreated,
    ReferralEligibilityDecided,
    ReferralEvent,
    ReferralWithdrawn,
)
from shared.messaging.inbox import claim, claim_all
from shared.messaging.subscriptions import Subscriptions

INTAKE = "casework-intake"
FACTS_OF_REFERRALS = "casework-facts-referral"
FACTS_OF_HANDOFFS = "casework-facts-handoff"
TIMELINE_OF_REFERRALS = "casework-timeline-referral"
TIMELINE_OF_HANDOFFS = "casework-timeline-handoff"
BATCH = 500

subscriptions = Subscriptions(service="casework")


@subscriptions.on(ReferralCreated, durable=INTAKE)
async def open_intake_for_referral(event: ReferralCreated, sessions: Sessions) -> None:
    """Open one intake per referral, however often the event arrives."""
    async with sessions.begin(Scope(event.programme_id, INTAKE)) as session:
        if await claim(session, consumer=INTAKE, event=event):
            await open_intake(session, event)


@subscriptions.on_batch(
    ReferralEligibilityDecided, ReferralWithdrawn, durable=FACTS_OF_REFERRALS, at_most=BATCH
)
async def keep_facts_of_referrals(events: Sequence[Event], sessions: Sessions) -> None:
    await _keep_facts(events, sessions, consumer=FACTS_OF_REFERRALS)


@subscriptions.on_batch(
    HandoffAccepted,
    HandoffMet,
    HandoffPersonAgreed,
    HandoffPersonDeclined,
    HandoffOfficerReleased,
    durable=FACTS_OF_HANDOFFS,
    at_most=BATCH,
)
async def keep_facts_of_handoffs(events: Sequence[Event], sessions: Sessions) -> None:
    await _keep_facts(events, sessions, consumer=FACTS_OF_HANDOFFS)


async def _keep_facts(events: Sequence[Event], sessions: Sessions, *, consumer: str) -> None:
    """Keep each event's facts in a transaction of its own: each holds its referral's lock."""
    for event in events:
        if isinstance(event, ReferralEvent):
            async with sessions.begin(Scope(event.programme_id, consumer)) as session:
                if await claim(session, consumer=consumer, event=event):
                    await keep_facts(session, event)


@subscriptions.on_batch(*REFERRAL_EVENTS, durable=TIMELINE_OF_REFERRALS, at_most=BATCH)
async def project_referrals(events: Sequence[Event], sessions: Sessions) -> None:
    await _project(events, sessions, consumer=TIMELINE_OF_REFERRALS)


@subscriptions.on_batch(*HANDOFF_EVENTS, durable=TIMELINE_OF_HANDOFFS, at_most=BATCH)
async def project_handoffs(events: Sequence[Event], sessions: Sessions) -> None:
    await _project(events, sessions, consumer=TIMELINE_OF_HANDOFFS)


async def _project(events: Sequence[Event], sessions: Sessions, *, consumer: str) -> None:
    """Add a line for every event, once: one claim for the batch, one insert per programme."""
    async with sessions.begin() as session:
        fresh = await claim_all(session, consumer=consumer, events=events)
        entries = [entry_from(event) for event in fresh if isinstance(event, ReferralEvent)]
        by_programme = sorted(entries, key=lambda entry: entry.programme_id)
        for programme_id, group in groupby(by_programme, key=lambda entry: entry.programme_id):
            await enter(session, Scope(programme_id, consumer))
            timeline.add_entries(session, group)
