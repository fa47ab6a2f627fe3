"""Log a contact or an attempt, with the needs that were named: once, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.contacts import ContactKind
from services.casework.domain.episodes import EpisodeState
from services.casework.errors import (
    ContactDiffers,
    ContactInFuture,
    ContactTooEarly,
    EpisodeClosedBefore,
)
from services.casework.store import contacts, followups, needs
from services.casework.tables.episodes import Episode, Need
from services.casework.tables.work import Contact
from services.casework.use_cases.find_episode import find_episode
from services.casework.use_cases.follow_up import completed
from services.casework.use_cases.tell import tell
from shared.events.casework import ContactAttempted, ContactMade, NeedIdentified
from shared.http.access import Denied
from shared.http.idempotency import Claim, claim_write, fingerprint
from shared.policy.actor import Caller
from shared.vault.vault import Vault

ACTION = "log_contact"
NOTE_FIELD = "contact_note"
CLOCKS_DIFFER = timedelta(minutes=5)  # between a phone and the database


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact:
    """What a worker logs; *whole* is the body as it came, to know a repetition by."""

    contact_id: UUID
    episode_id: UUID
    kind: ContactKind
    mode_code: str
    place_code: str | None
    outcome_code: str
    started_at: datetime
    minutes: int | None
    police_present: bool | None
    supplies: dict[str, int]
    need_codes: tuple[str, ...]
    followup_id: UUID | None
    note: str | None
    whole: bytes


async def log_contact(
    session: AsyncSession, caller: Caller, command: LogContact, *, vault: Vault, hash_key: bytes
) -> Contact:
    """Add the contact, and what follows from it.

    Raises:
        ContactDiffers: another content was logged under this id.
        ContactInFuture: it has not begun yet.
        ContactTooEarly: the episode's referral came only after it.
        EpisodeClosedBefore: the episode is closed; reopen it first.
    """
    episode = await find_episode(session, caller, command.episode_id, action=ACTION)
    claim = await claim_write(
        session,
        key=f"contact/{command.contact_id}",
        actor_id=caller.actor.actor_id,
        fingerprint=fingerprint(hash_key, command.whole),
        resource_id=command.contact_id,
    )
    if claim is not Claim.FRESH:
        return await _logged_before(session, command.contact_id, claim)
    look = await contacts.look(
        session, contact_id=command.contact_id, referral_id=episode.referral_id
    )
    now = look.now
    if look.is_logged:
        raise ContactDiffers
    if command.started_at > now + CLOCKS_DIFFER:
        raise ContactInFuture
    if command.started_at < look.referred_at - CLOCKS_DIFFER:
        raise ContactTooEarly
    if episode.state == EpisodeState.CLOSED:
        raise EpisodeClosedBefore
    contact = await _add(session, caller, command, episode, now=now, vault=vault)
    _tell(session, contact, now=now)
    for code in dict.fromkeys(command.need_codes):
        _name_need(session, contact, code, now=now)
    if command.followup_id is not None:
        await _complete(session, contact, command.followup_id)
    return contact


async def _logged_before(session: AsyncSession, contact_id: UUID, claim: Claim) -> Contact:
    """Return the contact if it was sent before as it is now."""
    present = await contacts.find(session, contact_id)
    if claim is not Claim.REPLAY or present is None:
        raise ContactDiffers
    return present


async def _add(
    session: AsyncSession,
    caller: Caller,
    command: LogContact,
    episode: Episode,
    *,
    now: datetime,
    vault: Vault,
) -> Contact:
    sealed = None
    if command.note is not None:
        sealed = await vault.encrypt(
            session, command.contact_id, field=NOTE_FIELD, plaintext=command.note.encode()
        )
    contact = Contact(
        id=command.contact_id,
        programme_id=episode.programme_id,
        episode_id=episode.id,
        referral_id=episode.referral_id,
        kind=command.kind,
        mode_code=command.mode_code,
        place_code=command.place_code,
        outcome_code=command.outcome_code,
        police_present=command.police_present,
        supplies=command.supplies,
        started_at=command.started_at,
        minutes=command.minutes,
        note_ciphertext=sealed,
        logged_by=caller.actor.actor_id,
        logged_at=now,
    )
    contacts.add(session, contact)
    return contact


def _tell(session: AsyncSession, contact: Contact, *, now: datetime) -> None:
    kind = ContactMade if contact.kind == ContactKind.MADE else ContactAttempted
    event = kind(
        programme_id=contact.programme_id,
        aggregate_id=contact.id,
        aggregate_version=1,
        occurred_at=now,
        referral_id=contact.referral_id,
        episode_id=contact.episode_id,
        contact_id=contact.id,
    )
    tell(
        session,
        event,
        mode_code=contact.mode_code,
        outcome_code=contact.outcome_code,
        logged_by=contact.logged_by,
        supplies=contact.supplies,
    )


def _name_need(session: AsyncSession, contact: Contact, code: str, *, now: datetime) -> None:
    need_id = uuid5(contact.id, code)
    need = Need(
        id=need_id,
        programme_id=contact.programme_id,
        episode_id=contact.episode_id,
        referral_id=contact.referral_id,
        need_code=code,
        identified_at=now,
        identified_by=contact.logged_by,
    )
    needs.add(session, need)
    event = NeedIdentified(
        programme_id=contact.programme_id,
        aggregate_id=need_id,
        aggregate_version=1,
        occurred_at=now,
        referral_id=contact.referral_id,
        episode_id=contact.episode_id,
        need_id=need_id,
    )
    tell(session, event, need_code=code)


async def _complete(session: AsyncSession, contact: Contact, followup_id: UUID) -> None:
    followup = await followups.find(session, followup_id)
    if followup is None or followup.episode_id != contact.episode_id:
        raise Denied.missing(ACTION, kind="Followup", id=str(followup_id))
    await completed(session, followup_id, by=contact.logged_by, contact_id=contact.id)
