"""Whom notify tells about events of casework."""

from collections.abc import Sequence

from services.notify.domain.notices import NoticeKind
from services.notify.use_cases.keep_release import announce_release
from services.notify.use_cases.tell import tell_of_event
from services.notify.use_cases.tell_outcome import await_grant
from shared.db.session import Scope, Sessions
from shared.events.casework import (
    CaseworkEvent,
    EmergencyOpened,
    FeedbackPublished,
    FirewallTried,
    FollowupDue,
    FollowupMissed,
    MilestoneReached,
    ParticipantReturnAnnounced,
    ProbingNoticed,
)
from shared.messaging.inbox import claim
from shared.messaging.subscriptions import Subscriptions

FOLLOWUP_DUE = "notify-followup-due"
FOLLOWUP_MISSED = "notify-followup-missed"
SOMEBODY_RETURNED = "notify-somebody-returned"
BREAK_GLASS = "notify-break-glass"
FIREWALL = "notify-firewall-tried"
PROBING = "notify-probing-noticed"
OUTCOME = "notify-officer-outcome"
FEEDBACK = "notify-feedback"

subscriptions = Subscriptions(service="notify")


@subscriptions.on(FollowupDue, durable=FOLLOWUP_DUE)
async def tell_of_due_followup(event: FollowupDue, sessions: Sessions) -> None:
    """Tell each of those whose follow-up it is."""
    await _tell(
        event,
        sessions,
        kind=NoticeKind.FOLLOWUP_DUE,
        consumer=FOLLOWUP_DUE,
        staff_ids=event.assigned_ids,
    )


@subscriptions.on(FollowupMissed, durable=FOLLOWUP_MISSED)
async def tell_of_missed_followup(event: FollowupMissed, sessions: Sessions) -> None:
    """Tell each of those whose follow-up it was."""
    await _tell(
        event,
        sessions,
        kind=NoticeKind.FOLLOWUP_MISSED,
        consumer=FOLLOWUP_MISSED,
        staff_ids=event.assigned_ids,
    )


@subscriptions.on(ParticipantReturnAnnounced, durable=SOMEBODY_RETURNED)
async def tell_of_return(event: ParticipantReturnAnnounced, sessions: Sessions) -> None:
    """Tell each of those who knew the person."""
    await _tell(
        event,
        sessions,
        kind=NoticeKind.SOMEBODY_RETURNED,
        consumer=SOMEBODY_RETURNED,
        staff_ids=event.staff_ids,
    )


@subscriptions.on(EmergencyOpened, durable=BREAK_GLASS)
async def tell_of_break_glass(event: EmergencyOpened, sessions: Sessions) -> None:
    """Tell the privacy officers that a record was opened in an emergency."""
    await _tell(event, sessions, kind=NoticeKind.BREAK_GLASS_OPENED, consumer=BREAK_GLASS)


@subscriptions.on(FirewallTried, durable=FIREWALL)
async def tell_of_firewall(event: FirewallTried, sessions: Sessions) -> None:
    """Tell the privacy officers that enforcement asked for a record."""
    async with sessions.begin(Scope(event.programme_id, FIREWALL)) as session:
        if await claim(session, consumer=FIREWALL, event=event):
            await tell_of_event(session, event, kind=NoticeKind.FIREWALL_TRIED, referral_id=None)


@subscriptions.on(ProbingNoticed, durable=PROBING)
async def tell_of_probing(event: ProbingNoticed, sessions: Sessions) -> None:
    """Tell the privacy officers that somebody is refused again and again."""
    async with sessions.begin(Scope(event.programme_id, PROBING)) as session:
        if await claim(session, consumer=PROBING, event=event):
            await tell_of_event(session, event, kind=NoticeKind.RECORDS_PROBED, referral_id=None)


@subscriptions.on(MilestoneReached, durable=OUTCOME)
async def ask_to_tell_outcome(event: MilestoneReached, sessions: Sessions) -> None:
    """Have casework asked whether the officer may be told, now."""
    async with sessions.begin(Scope(event.programme_id, OUTCOME)) as session:
        if await claim(session, consumer=OUTCOME, event=event):
            await await_grant(session, event)


@subscriptions.on(FeedbackPublished, durable=FEEDBACK)
async def announce_published_release(event: FeedbackPublished, sessions: Sessions) -> None:
    """Have the released table fetched."""
    async with sessions.begin(Scope(event.programme_id, FEEDBACK)) as session:
        if await claim(session, consumer=FEEDBACK, event=event):
            await announce_release(session, event)


async def _tell(
    event: CaseworkEvent,
    sessions: Sessions,
    *,
    kind: NoticeKind,
    consumer: str,
    staff_ids: Sequence[str] = (),
) -> None:
    async with sessions.begin(Scope(event.programme_id, consumer)) as session:
        if await claim(session, consumer=consumer, event=event):
            await tell_of_event(
                session, event, kind=kind, referral_id=event.referral_id, staff_ids=staff_ids
            )
