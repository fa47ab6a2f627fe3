"""Make a referral: the row, its encrypted packet, its event, and the call to the team."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.stated import Stated
from services.referral.errors import ReferralDiffers, ReferralIdTaken
from services.referral.store import referrals
from services.referral.tables.referrals import IdentityPacket, Referral
from services.referral.use_cases.call_team import request_handoff
from services.referral.use_cases.judge_eligibility import Told, judge_eligibility, told_before
from shared.events.referral import Pathway, ReferralCreated
from shared.http.access import Resource, permit
from shared.http.idempotency import Claim, claim_write, fingerprint
from shared.messaging import outbox
from shared.policy.actor import Caller
from shared.vault.vault import Vault

PACKET_FIELD = "identity_packet"


@dataclass(frozen=True, slots=True)
class MakeReferral:
    """What the referrer sent: what eligibility is judged by, and all of it as one JSON packet."""

    referral_id: UUID
    stated: Stated
    packet: bytes

    @property
    def pathway(self) -> Pathway:
        return self.stated.pathway


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a referrer is answered; the same for every repetition of the same request."""

    id: UUID
    received_at: datetime
    eligibility: Told


async def make_referral(
    session: AsyncSession, caller: Caller, command: MakeReferral, *, vault: Vault, hash_key: bytes
) -> Receipt:
    """Make the referral once, however often the same request arrives.

    Raises:
        ReferralDiffers: the caller sent another content under this id before.
        ReferralIdTaken: the id belongs to somebody else's referral.
    """
    programme_id = caller.actor.programme_id
    permit(
        session,
        caller,
        "create_referral",
        Resource(kind="Referral", id=str(command.referral_id), programme_id=programme_id),
    )
    content = orjson.dumps([command.pathway, command.packet.decode()])
    claim = await claim_write(
        session,
        key=f"referral/{command.referral_id}",
        actor_id=caller.actor.actor_id,
        fingerprint=fingerprint(hash_key, content),
        resource_id=command.referral_id,
    )
    if claim is Claim.FRESH:
        return await _create(session, caller, command, vault=vault)
    made = await referrals.find_referral(session, command.referral_id)
    if claim is Claim.MISMATCH or made is None:
        raise ReferralDiffers
    return await _receipt(session, made)


async def _create(
    session: AsyncSession, caller: Caller, command: MakeReferral, *, vault: Vault
) -> Receipt:
    referral = Referral(
        id=command.referral_id,
        programme_id=caller.actor.programme_id,
        agency_id=caller.actor.agency_id,
        referred_by=caller.actor.actor_id,
        pathway=command.pathway,
    )
    facts = await referrals.add_referral(session, referral)
    if facts is None:
        return await _made_long_ago(session, caller, command, vault=vault)
    packet = IdentityPacket(
        referral_id=referral.id,
        programme_id=referral.programme_id,
        ciphertext=vault.encrypt_first(
            session, referral.id, field=PACKET_FIELD, plaintext=command.packet
        ),
    )
    referrals.add_packet(session, packet)
    outbox.add(
        session,
        ReferralCreated(
            programme_id=referral.programme_id,
            aggregate_id=referral.id,
            aggregate_version=referral.version,
            occurred_at=facts.now,
            referral_id=referral.id,
            pathway=command.pathway,
            referred_by=referral.referred_by,
            agency_id=referral.agency_id,
        ),
    )
    told = judge_eligibility(session, referral, command.stated, facts)
    request_handoff(session, referral, facts.roster)
    return Receipt(id=referral.id, received_at=facts.now, eligibility=told)


async def _made_long_ago(
    session: AsyncSession, caller: Caller, command: MakeReferral, *, vault: Vault
) -> Receipt:
    """Return the receipt of the caller's own referral, if this is a late repetition of it."""
    made = await referrals.find_referral(session, command.referral_id)
    if made is None or made.referred_by != caller.actor.actor_id:
        raise ReferralIdTaken
    ciphertext = await referrals.find_packet(session, made.id)
    packet = ciphertext and await vault.decrypt(
        session, made.id, field=PACKET_FIELD, ciphertext=ciphertext
    )
    if (made.pathway, packet) != (command.pathway, command.packet):
        raise ReferralDiffers
    return await _receipt(session, made)


async def _receipt(session: AsyncSession, made: Referral) -> Receipt:
    told = await told_before(session, made.id)
    return Receipt(id=made.id, received_at=made.received_at, eligibility=told)
