"""The gate: nothing about a participant leaves the programme without a grant from here.

A grant is decided against the consent in force at that moment, which cannot be revoked until the
grant has committed; it is single-use (a notice has at most one), valid a few seconds of real time,
and stands in the accounting from the moment it exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.consents import Asked, NoticeKind, RecipientKind
from services.casework.domain.disclosures import (
    STATEMENT_VERSION,
    Basis,
    DisclosureState,
    Outcome,
    shown_state,
)
from services.casework.errors import AlreadyGranted, NoBasis, OutcomeDiffers
from services.casework.store import consents, disclosures, intakes
from services.casework.tables.disclosures import Consent, Disclosure, OfficerNotice
from services.casework.use_cases.agree_to_notice import basis_for
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import DisclosureMade
from shared.http.access import Denied, Resource, permit
from shared.policy.actor import Caller


@dataclass(frozen=True, slots=True)
class DisclosureSeen:
    """A line of the accounting, with what became of it as far as is known by now."""

    disclosure: Disclosure
    state: DisclosureState


async def grant_disclosure(session: AsyncSession, caller: Caller, notice_id: UUID) -> Disclosure:
    """Let one notice leave, once, if something allows it now.

    Raises:
        AlreadyGranted: it was granted before, whatever became of that.
        NoBasis: no consent in force covers it.
    """
    notice = await consents.find_notice(session, notice_id)
    if notice is None:
        raise Denied.missing("grant_disclosure", kind="OfficerNotice", id=str(notice_id))
    resource = Resource("OfficerNotice", str(notice_id), notice.programme_id)
    permit(session, caller, "grant_disclosure", resource)
    if await disclosures.granted_before(session, notice_id=notice_id):
        raise AlreadyGranted
    found = await intakes.find_intake(session, notice.referral_id)
    referred_by = None if found is None else found[0].referred_by
    now = await app_now(session)
    asked = Asked(notice.referral_id, referred_by, notice.kind)
    consent = await basis_for(session, asked, now=now)
    if consent is None:
        raise NoBasis
    granted = await _grant(session, notice, consent, now=now)
    if granted is None:
        raise AlreadyGranted
    _tell(session, granted, now=now)
    return granted


async def report_outcome(
    session: AsyncSession, caller: Caller, disclosure_id: UUID, *, outcome: Outcome
) -> DisclosureSeen:
    """Note what became of a grant, however late; noting it again changes nothing.

    Raises:
        OutcomeDiffers: something else was noted before.
    """
    present = await disclosures.find(session, disclosure_id)
    if present is None:
        raise Denied.missing("report_disclosure", kind="Disclosure", id=str(disclosure_id))
    resource = Resource("Disclosure", str(disclosure_id), present.programme_id)
    permit(session, caller, "report_disclosure", resource)
    to = DisclosureState(outcome)
    now = await app_now(session)
    reported = await disclosures.report(session, disclosure_id=disclosure_id, to=to, now=now)
    reported = reported or await disclosures.find(session, disclosure_id)
    if reported is None or reported.state != to:
        raise OutcomeDiffers
    return DisclosureSeen(reported, to)


async def read_disclosures(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    before: disclosures.Cursor | None,
    limit: int,
) -> Sequence[DisclosureSeen]:
    """Return what was disclosed of a participant, newest first (42 CFR 2.25)."""
    await find_participant(session, caller, participant_id, action="read_disclosures")
    real_now = await disclosures.real_now(session)
    return [
        DisclosureSeen(each, shown_state(each.state, expires_at=each.expires_at, real_now=real_now))
        for each in await disclosures.page(
            session, participant_id=participant_id, before=before, limit=limit
        )
    ]


async def _grant(
    session: AsyncSession, notice: OfficerNotice, consent: Consent, *, now: datetime
) -> Disclosure | None:
    return await disclosures.grant(
        session,
        {
            "id": uuid5(notice.id, "disclosure"),
            "programme_id": notice.programme_id,
            "referral_id": notice.referral_id,
            "notice_id": notice.id,
            "consent_id": consent.id,
            "recipient_kind": RecipientKind.REFERRER,
            "recipient_id": consent.recipient_id,
            "purpose_code": consent.purpose_code,
            "content_code": NoticeKind(notice.kind),
            "basis_code": Basis.CONSENT,
            "statement_version": STATEMENT_VERSION,
            "granted_at": now,
        },
    )


def _tell(session: AsyncSession, granted: Disclosure, *, now: datetime) -> None:
    event = DisclosureMade(
        programme_id=granted.programme_id,
        aggregate_id=granted.id,
        aggregate_version=granted.version,
        occurred_at=now,
        referral_id=granted.referral_id,
        disclosure_id=granted.id,
    )
    tell(
        session,
        event,
        recipient_kind=granted.recipient_kind,
        content_code=granted.content_code,
        basis_code=granted.basis_code,
    )
