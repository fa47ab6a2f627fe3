"""Keep a released table, and tell the agency's people that it is there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.domain.feedback import Cell
from services.notify.domain.notices import NoticeKind, Words
from services.notify.store import feedback, staff
from services.notify.store.notices import NewNotice
from services.notify.tables.feedback import FeedbackRelease
from services.notify.use_cases.tell import tell
from shared.events.casework import FeedbackPublished
from shared.messaging.tasks import Task, add_task

FETCH_RELEASE = "fetch_release"
READERS = frozenset({"first_responder", "agency_supervisor"})


async def announce_release(session: AsyncSession, published: FeedbackPublished) -> None:
    """Remember that there is a release; a worker fetches its table."""
    await feedback.announce(
        session,
        release_id=published.release_id,
        programme_id=published.programme_id,
        agency_id=published.agency_id,
        period_from=published.period_from,
        period_until=published.period_until,
        published_at=published.occurred_at,
    )
    add_task(session, Task(FETCH_RELEASE, published.release_id, published.programme_id))


async def keep_release(
    session: AsyncSession, *, release_id: UUID, rows: list[dict[str, Any]], threshold: int
) -> None:
    """Keep the table once, and tell everybody of the agency who may read it."""
    kept = await feedback.complete(session, release_id=release_id, rows=rows, threshold=threshold)
    if kept is None:
        return
    for staff_id in await staff.of_agency(session, agency_id=kept.agency_id, roles=READERS):
        await tell(
            session,
            NewNotice(
                id=uuid7(),
                programme_id=kept.programme_id,
                kind=NoticeKind.FEEDBACK_PUBLISHED,
                cause_id=kept.id,
                caused_at=kept.published_at,
                recipient_id=staff_id,
                release_id=kept.id,
            ),
        )


def cells_of(release: FeedbackRelease) -> Sequence[Cell]:
    """Return the table's lines as the rules see them."""
    return [
        Cell(
            label=Words(**row["label"]),
            people=row["people"],
            of=row["of"],
            percent=row["percent"],
        )
        for row in release.rows or ()
    ]
