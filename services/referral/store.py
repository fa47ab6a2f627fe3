"""Every query of the referral service."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.referral.domain.handoff import HandoffState, sources_of
from services.referral.tables import Handoff, IdentityPacket, Referral


async def add_referral(session: AsyncSession, referral: Referral) -> bool:
    """Insert *referral*; return False if its id is taken, whoever took it."""
    row = {column.name: getattr(referral, column.name) for column in Referral.__table__.columns}
    added = upsert(Referral).values(row).on_conflict_do_nothing().returning(Referral.id)
    return await session.scalar(added) is not None


async def add_packet(
    session: AsyncSession, *, referral_id: UUID, programme_id: str, ciphertext: bytes
) -> None:
    await session.execute(
        insert(IdentityPacket).values(
            referral_id=referral_id, programme_id=programme_id, ciphertext=ciphertext
        )
    )


async def add_handoff(session: AsyncSession, handoff: Handoff) -> None:
    session.add(handoff)
    await session.flush()  # so that the database's checks speak here and not at commit


async def find_referral(session: AsyncSession, referral_id: UUID) -> Referral | None:
    return await session.get(Referral, referral_id)


async def find_packet(session: AsyncSession, referral_id: UUID) -> bytes | None:
    return await session.scalar(
        select(IdentityPacket.ciphertext).where(IdentityPacket.referral_id == referral_id)
    )


async def find_handoff(session: AsyncSession, *, referral_id: UUID) -> Handoff | None:
    return await session.scalar(select(Handoff).where(Handoff.referral_id == referral_id))


async def accept(
    session: AsyncSession, *, referral_id: UUID, accepted_by: str, now: datetime
) -> Handoff | None:
    """Move the referral's handoff to accepted if it may; return None if a rival was first."""
    return await _move(
        session,
        Handoff.referral_id == referral_id,
        to=HandoffState.ACCEPTED,
        values={"accepted_by": accepted_by, "accepted_at": now},
    )


async def escalate(session: AsyncSession, *, handoff_id: UUID, now: datetime) -> Handoff | None:
    """Move the handoff to escalated if it may; return None if a rival was first."""
    return await _move(
        session,
        Handoff.id == handoff_id,
        to=HandoffState.ESCALATED,
        values={"escalated_at": now},
    )


async def _move(
    session: AsyncSession, which: object, *, to: HandoffState, values: dict[str, object]
) -> Handoff | None:
    allowed: Collection[HandoffState] = sources_of(to)
    statement = (
        update(Handoff)
        .where(which, Handoff.state.in_(allowed))  # type: ignore[arg-type]
        .values(state=to, version=Handoff.version + 1, **values)
        .returning(Handoff)
    )
    return (await session.execute(statement)).scalar_one_or_none()
