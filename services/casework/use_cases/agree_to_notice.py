"""Record the person's own yes to one notice, and find what allows it at a moment.

A consent says what may be told; the yes says that this is to be told now. Whether it leaves is
decided again when it does.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.consents import Asked, ConsentFacts, NoticeKind, basis_among
from services.casework.domain.returns import REFERRER_WATCHES_FOR
from services.casework.errors import AlreadyAgreed, NoBasis, NoticeDiffers
from services.casework.store import consents, facts
from services.casework.tables.disclosures import Consent, OfficerNotice
from services.casework.tables.participants import Intake
from services.casework.use_cases.find_intake import find_intake
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import MilestoneReached
from shared.messaging.timers import Timer, set_timer
from shared.policy.actor import Caller

ACTION = "agree_to_notice"
TELL_MILESTONE = "tell_milestone"


@dataclass(frozen=True, slots=True)
class AgreeToNotice:
    notice_id: UUID
    referral_id: UUID
    kind: NoticeKind


async def agree_to_notice(
    session: AsyncSession, caller: Caller, command: AgreeToNotice
) -> OfficerNotice:
    """Record the yes, once for a referral and a kind; recording it again changes nothing.

    Raises:
        NoticeDiffers: a yes to something else was recorded under this id.
        AlreadyAgreed: the person said yes to this before.
        NoBasis: no consent in force covers it.
    """
    intake, _ = await find_intake(session, caller, command.referral_id, action=ACTION)
    await facts.lock_referral(session, command.referral_id)
    present = await consents.find_notice(session, command.notice_id)
    if present is not None:
        if (present.referral_id, present.kind) != (command.referral_id, command.kind):
            raise NoticeDiffers
        return present
    if await consents.agreed_before(session, referral_id=command.referral_id, kind=command.kind):
        raise AlreadyAgreed
    return await _agree(session, caller, command, intake)


async def basis_for(session: AsyncSession, asked: Asked, *, now: datetime) -> Consent | None:
    """Return a consent that allows it now; until this transaction ends nobody can revoke it."""
    standing = await consents.not_ended(session, referral_id=asked.referral_id)
    place = basis_among([_facts(each) for each in standing], asked, now=now)
    return None if place is None else standing[place]


async def _agree(
    session: AsyncSession, caller: Caller, command: AgreeToNotice, intake: Intake
) -> OfficerNotice:
    now = await app_now(session)
    asked = Asked(command.referral_id, intake.referred_by, command.kind)
    if await basis_for(session, asked, now=now) is None:
        raise NoBasis
    agreed = await consents.add_notice(
        session,
        {
            "id": command.notice_id,
            "programme_id": intake.programme_id,
            "referral_id": command.referral_id,
            "kind": command.kind,
            "agreed_at": now,
            "recorded_by": caller.actor.actor_id,
        },
    )
    if agreed is None:
        raise NoticeDiffers
    not_before = intake.received_at + REFERRER_WATCHES_FOR
    if now < not_before:
        timer = Timer(TELL_MILESTONE, agreed.id, agreed.programme_id, due_at=not_before)
        set_timer(session, timer)
    else:
        tell(session, _reached(agreed, now=now))
    return agreed


async def notice_may_go(session: AsyncSession, timer: Timer) -> None:
    """Tell of a yes that came early; the gate decides then whether anything still allows it."""
    agreed = await consents.find_notice(session, timer.aggregate_id)
    if agreed is not None:
        tell(session, _reached(agreed, now=await app_now(session)))


def _facts(consent: Consent) -> ConsentFacts:
    return ConsentFacts(
        kind=consent.kind,
        referral_id=consent.referral_id,
        recipient_kind=consent.recipient_kind,
        recipient_id=consent.recipient_id,
        content_codes=tuple(consent.content_codes),
        state=consent.state,
        expires_at=consent.expires_at,
    )


def _reached(notice: OfficerNotice, *, now: datetime) -> MilestoneReached:
    return MilestoneReached(
        programme_id=notice.programme_id,
        aggregate_id=notice.id,
        aggregate_version=1,
        occurred_at=now,
        referral_id=notice.referral_id,
        notice_id=notice.id,
        notice_kind=NoticeKind(notice.kind).value,
    )
