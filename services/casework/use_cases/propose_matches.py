"""Propose whom else a referral might be about, once its identity is known."""

from datetime import date

import orjson
from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.casework.domain.matching import Described, compare, keys
from services.casework.store import facts, matches
from services.casework.tables.participants import Intake
from services.casework.use_cases.open_identity import open_identity
from shared.clock import app_now
from shared.http.idempotency import fingerprint
from shared.vault.vault import Vault

AT_MOST_COMPARED = 50  # one phone of a shelter may be in very many referrals


async def propose_matches(
    session: AsyncSession, *, intake: Intake, packet: bytes, vault: Vault, hash_key: bytes
) -> None:
    """Look candidates up by keyed hashes, open those few, and propose what is alike enough."""
    described = description(packet)
    found = list(keys(described))
    if not found:
        return
    # Two that arrive at one moment would not see each other.
    await facts.lock(session, f"match/{intake.programme_id}")
    await matches.keep_keys(
        session,
        referral_id=intake.referral_id,
        programme_id=intake.programme_id,
        digests=[(kind, fingerprint(hash_key, f"{kind}/{text}".encode())) for kind, text in found],
    )
    now = await app_now(session)
    others = await matches.sharing_a_key(
        session, referral_id=intake.referral_id, at_most=AT_MOST_COMPARED
    )
    for other in others:
        theirs = await open_identity(session, other, vault=vault)
        likeness = compare(described, description(theirs)) if theirs else None
        if likeness:
            await matches.propose(
                session,
                {
                    "id": uuid7(),
                    "programme_id": intake.programme_id,
                    "referral_id": intake.referral_id,
                    "other_referral_id": other.referral_id,
                    "score": likeness.score,
                    "reasons": [reason.value for reason in likeness.reasons],
                    "proposed_at": now,
                },
            )


class _Person(BaseModel):
    name: str | None = None
    date_of_birth: date | None = None
    phone: str | None = None


def description(packet: bytes) -> Described:
    """Return what the packet says of the person; one that says it oddly says nothing."""
    try:
        person = _Person.model_validate(orjson.loads(bytes(packet)).get("person") or {})
    except (ValidationError, ValueError):
        return Described(None, None, None)
    return Described(person.name, person.date_of_birth, person.phone)
