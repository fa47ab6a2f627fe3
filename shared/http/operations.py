"""Routes every service has: its journal, for repair, and its dead letters, for people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, status

from shared.http.access import Denied, Resource, SessionDep, acting, permit
from shared.http.auth import Unauthenticated
from shared.http.problems import Conflict, InvalidInput, NotVisible, Unavailable, problems
from shared.messaging import dead_letters, journal
from shared.messaging.dead_letters import DeadLetter, DeadLetterWithEvent
from shared.messaging.journal import JournalEntry, JournalPage
from shared.policy.actor import Caller, Purpose

ALWAYS = (Unauthenticated, NotVisible, InvalidInput, Unavailable)

router = APIRouter(tags=["operations"])

# What is asked for goes into the audit log, which holds ids and codes only.
Consumer = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,99}$")]
LAST_POSITION = 2**63 - 1  # as the column holds it


class NotParked(Conflict):
    type = "/problems/dead-letter-not-parked"
    title = "This event is being replayed, or was handled by a replay"


def _operated(caller: Caller, kind: str, name: str = "all") -> Resource:
    return Resource(kind=kind, id=name, programme_id=caller.actor.programme_id)


@router.get("/journal", responses=problems(*ALWAYS))
async def get_journal(
    caller: Annotated[
        Caller, Depends(acting("read_journal", Purpose.SERVICE_DELIVERY, Purpose.OPERATIONS))
    ],
    session: SessionDep,
    after: Annotated[
        int, Query(ge=0, le=LAST_POSITION, description="A position; 0 is the beginning")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=journal.PAGE)] = journal.PAGE,
) -> JournalPage:
    """Read what this service told, in order, after a position: nothing is ever skipped."""
    await permit(session, caller, "read_journal", _operated(caller, "Journal"))
    return await journal.read_page(session, after=after, limit=limit)


@router.get("/journal/{event_id}", responses=problems(*ALWAYS))
async def get_journal_entry(
    event_id: UUID,
    caller: Annotated[
        Caller, Depends(acting("read_journal", Purpose.SERVICE_DELIVERY, Purpose.OPERATIONS))
    ],
    session: SessionDep,
) -> JournalEntry:
    """Read one event and its place."""
    await permit(session, caller, "read_journal", _operated(caller, "Journal"))
    found = await journal.find_entry(session, event_id)
    if found is None:
        raise Denied.missing("read_journal", kind="Journal", id=str(event_id))
    return found


@router.get("/dead-letters", responses=problems(*ALWAYS))
async def get_dead_letters(
    caller: Annotated[Caller, Depends(acting("list_dead_letters", Purpose.OPERATIONS))],
    session: SessionDep,
    limit: Annotated[int, Query(ge=1, le=500)] = dead_letters.AT_MOST,
) -> list[DeadLetter]:
    """List the events that a consumer of this service could not handle."""
    await permit(session, caller, "list_dead_letters", _operated(caller, "DeadLetters"))
    return list(await dead_letters.list_dead_letters(session, limit=limit))


@router.get("/dead-letters/{consumer}/{event_id}", responses=problems(*ALWAYS))
async def get_dead_letter(
    consumer: Consumer,
    event_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_dead_letter", Purpose.OPERATIONS))],
    session: SessionDep,
) -> DeadLetterWithEvent:
    """Read one dead letter with its event."""
    await permit(session, caller, "read_dead_letter", _operated(caller, "DeadLetters", consumer))
    found = await dead_letters.find_dead_letter(session, consumer=consumer, event_id=event_id)
    if found is None:
        raise Denied.missing("read_dead_letter", kind="DeadLetters", id=str(event_id))
    return found


@router.post(
    "/dead-letters/{consumer}/{event_id}/replay",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(NotParked, *ALWAYS),
)
async def post_replay(
    consumer: Consumer,
    event_id: UUID,
    caller: Annotated[Caller, Depends(acting("replay_dead_letter", Purpose.OPERATIONS))],
    session: SessionDep,
) -> DeadLetterWithEvent:
    """Have the worker handle a dead letter again, within a second or so."""
    await permit(session, caller, "replay_dead_letter", _operated(caller, "DeadLetters", consumer))
    asked = await dead_letters.ask_replay(session, consumer=consumer, event_id=event_id)
    found = await dead_letters.find_dead_letter(session, consumer=consumer, event_id=event_id)
    if found is None:
        raise Denied.missing("replay_dead_letter", kind="DeadLetters", id=str(event_id))
    if not asked:
        raise NotParked
    return found
