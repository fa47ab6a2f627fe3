"""Hand over one planned mail: look whether it is to go, have it sent, record what became of it.

The two halves are two transactions; the call to the mail server stands between them. A delivery
that is found in doubt was begun and never recorded: the rules say which of those are sent again.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.deliveries import Reason, State, reason_not_to_mail
from services.notify.domain.feedback import as_text
from services.notify.domain.mail import Text, mail_text
from services.notify.domain.notices import FACTS, NoticeKind
from services.notify.store import deliveries
from services.notify.store.deliveries import Planned, Settled
from services.notify.use_cases.keep_release import cells_of
from shared.clock import app_now


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready to be sent."""

    delivery_id: UUID
    to: str
    text: Text
    urgent: bool


async def begin_mail(session: AsyncSession, *, delivery_id: UUID) -> Letter | None:
    """Return the mail to send, from now on in doubt; None if there is nothing to send."""
    planned = await deliveries.planned_mail(session, delivery_id=delivery_id)
    if planned is None:
        return None
    now = await app_now(session)
    kind = NoticeKind(planned.notice.kind)
    instead = reason_not_to_mail(
        caused_at=planned.notice.caused_at,
        now=now,
        in_doubt=planned.delivery.in_doubt,
        urgent=FACTS[kind].urgent,
        address=planned.email,
    )
    if instead is not None or planned.email is None:
        state, reason = instead or (State.SUPPRESSED, Reason.NO_ADDRESS)
        await deliveries.settle(
            session, delivery_id=delivery_id, settled=Settled(state, reason), now=now
        )
        return None
    await deliveries.set_doubt(session, delivery_id=delivery_id, in_doubt=True)
    return Letter(delivery_id, planned.email, _text(planned, kind), FACTS[kind].urgent)


async def not_sent(session: AsyncSession, *, delivery_id: UUID) -> None:
    """Record that the mail surely did not leave: it stays planned and is tried again."""
    await deliveries.set_doubt(session, delivery_id=delivery_id, in_doubt=False)


async def record_mail(session: AsyncSession, *, delivery_id: UUID, settled: Settled) -> None:
    """Record what became of the mail."""
    await deliveries.settle(
        session, delivery_id=delivery_id, settled=settled, now=await app_now(session)
    )


def _text(planned: Planned, kind: NoticeKind) -> Text:
    table = None
    release = planned.release
    if release is not None and release.threshold is not None:
        table = as_text(
            cells_of(release),
            threshold=release.threshold,
            language_code=planned.language_code,
        )
    return mail_text(kind, language_code=planned.language_code, table=table)
