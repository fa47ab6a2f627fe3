"""Record what a person consents to, take it back, and let it end at its time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain import consents as rules
from services.casework.domain.consents import ConsentState
from services.casework.errors import ConsentDiffers, ConsentPeriod, NotTheReferrer
from services.casework.store import consents, disclosures
from services.casework.tables.disclosures import Consent
from services.casework.use_cases.find_intake import find_intake
from services.casework.use_cases.find_participant import find_participant
from services.casework.use_cases.permit_record import permit_record
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import ConsentEvent, ConsentExpired, ConsentGranted, ConsentRevoked
from shared.http.access import Resource, permit
from shared.messaging.timers import Timer, set_timer
from shared.policy.actor import Caller

CONSENT_TIMER = "consent_expires"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """What a person signed: the elements of 42 CFR 2.31(a)."""

    referral_id: UUID
    kind: str
    recipient_kind: str
    recipient_id: str
    purpose_code: str
    content_codes: list[str]
    expires_at: datetime
    language_code: str
    text_version: int
    signed_by_code: str


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A consent with what it is by now, and the grants under it that can still be used."""

    consent: Consent
    state: ConsentState
    outstanding: Sequence[UUID] = ()


async def give_consent(
    session: AsyncSession, caller: Caller, consent_id: UUID, command: GiveConsent
) -> ConsentSeen:
    """Record the consent; recording it again changes nothing.

    Raises:
        ConsentDiffers: another content was recorded under this id.
        ConsentPeriod: it would end before now, or later than the longest period.
        NotTheReferrer: it names somebody else than who made the referral.
    """
    intake, _ = await find_intake(session, caller, command.referral_id, action="record_consent")
    now = await app_now(session)
    present = await consents.find(session, consent_id)
    if present is not None:
        return _repeated(present, command, now=now)
    if intake.referred_by is None or command.recipient_id != intake.referred_by:
        raise NotTheReferrer
    if not rules.may_hold_until(command.expires_at, now=now):
        raise ConsentPeriod
    recorded = {"id": consent_id, "programme_id": intake.programme_id, "granted_at": now}
    added = await consents.add(
        session, asdict(command) | recorded | {"recorded_by": caller.actor.actor_id}
    )
    if added is None:  # a rival came first
        present = await consents.find(session, consent_id)
        if present is None:
            raise ConsentDiffers
        return _repeated(present, command, now=now)
    set_timer(session, Timer(CONSENT_TIMER, added.id, added.programme_id, due_at=added.expires_at))
    _tell(session, added, ConsentGranted, now=now)
    return ConsentSeen(added, ConsentState.IN_FORCE)


async def revoke_consent(session: AsyncSession, caller: Caller, consent_id: UUID) -> ConsentSeen:
    """Take a consent back: what has no grant yet does not leave. Again changes nothing.

    What has ended by time stays so: it opens nothing either way.
    """
    present = await permit_record(
        session,
        caller,
        "revoke_consent",
        kind="Consent",
        id=consent_id,
        found=await consents.find(session, consent_id),
    )
    now = await app_now(session)
    revoked = await consents.move(
        session,
        Consent.id == consent_id,
        Consent.expires_at > now,
        to=ConsentState.REVOKED,
        revoked_at=now,
    )
    if revoked is not None:
        _tell(session, revoked, ConsentRevoked, now=now)
    seen = revoked or await consents.find(session, consent_id) or present
    left = await disclosures.outstanding(session, consent_id=consent_id)
    return ConsentSeen(seen, _state(seen, now=now), left)


def read_consent_texts(session: AsyncSession, caller: Caller) -> Mapping[int, Mapping[str, str]]:
    """Return what people sign, by version."""
    resource = Resource("ConsentTexts", "all", caller.actor.programme_id)
    permit(session, caller, "read_consent_texts", resource)
    return rules.TEXTS


async def consent_expires(session: AsyncSession, timer: Timer) -> None:
    """Tell once that a consent has reached its date, unless it was taken back before."""
    now = await app_now(session)
    expired = await consents.move(
        session,
        Consent.id == timer.aggregate_id,
        Consent.expires_at <= now,
        to=ConsentState.EXPIRED,
    )
    if expired is not None:
        _tell(session, expired, ConsentExpired, now=now)


async def read_consents(
    session: AsyncSession,
    caller: Caller,
    participant_id: UUID,
    *,
    before: consents.Cursor | None,
    limit: int,
) -> list[ConsentSeen]:
    """Return a participant's consents, newest first."""
    await find_participant(session, caller, participant_id, action="read_consents")
    now = await app_now(session)
    found = await consents.page(session, participant_id=participant_id, before=before, limit=limit)
    return [ConsentSeen(each, _state(each, now=now)) for each in found]


def _repeated(present: Consent, command: GiveConsent, *, now: datetime) -> ConsentSeen:
    """Return what stands if it says the same."""
    if any(getattr(present, name) != value for name, value in asdict(command).items()):
        raise ConsentDiffers
    return ConsentSeen(present, _state(present, now=now))


def _state(consent: Consent, *, now: datetime) -> ConsentState:
    return rules.state_at(consent.state, expires_at=consent.expires_at, now=now)


def _tell(
    session: AsyncSession, consent: Consent, kind: type[ConsentEvent], *, now: datetime
) -> None:
    event = kind(
        programme_id=consent.programme_id,
        aggregate_id=consent.id,
        aggregate_version=consent.version,
        occurred_at=now,
        referral_id=consent.referral_id,
        consent_id=consent.id,
    )
    tell(session, event, consent_kind=consent.kind, content_codes=consent.content_codes)
