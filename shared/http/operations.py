"""Routes every service has: its journal, for repair, and its dead letters, for people."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, status
from sqlalchemy.ext.asyncio import AsyncSession

from shared.http.access import ALWAYS, Denied, Resource, SessionDep, acting, permit
from shared.http.problems import Conflict, problems
from shared.messaging import dead_letters, journal
from shared.messaging.dead_letters import DeadLetter, DeadLetterWithEvent
from shared.messaging.journal import JournalEntry, JournalPage
from shared.policy.actor import EVERY_PROGRAMME, Caller, Purpose

router = APIRouter(tags=["operations"])

# What is asked for goes into the audit log, which holds ids and codes only.
Consumer = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,99}$")]
LAST_POSITION = 2**63 - 1  # as the column holds it


class NotParked(Conflict):
    type = "/problems/dead-letter-not-parked"
    title = "This event is being replayed, or was handled by a replay"


def _operated(caller: Caller, kind: str, event: Mapping[str, Any] | None = None) -> Resource:
    """Return what is operated on: all of the caller's programme, or one event of its own."""
    stated = (event or {}).get("programmeid", caller.actor.programme_id)
    name = str((event or {}).get("id", "all"))
    return Resource(kind=kind, id=name, programme_id=stated)


def _only(caller: Caller) -> str | None:
    """Return the programme whose events the caller may see, or None for all of them."""
    programme_id = caller.actor.programme_id
    return None if programme_id == EVERY_PROGRAMME else programme_id


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
    permit(session, caller, "read_journal", _operated(caller, "Journal"))
    return await journal.read_page(session, after=after, limit=limit, programme_id=_only(caller))


@router.get("/journal/{event_id}", responses=problems(*ALWAYS))
async def get_journal_entry(
    event_id: UUID,
    caller: Annotated[
        Caller, Depends(acting("read_journal", Purpose.SERVICE_DELIVERY, Purpose.OPERATIONS))
    ],
    session: SessionDep,
) -> JournalEntry:
    """Read one event and its place."""
    found = await journal.find_entry(session, event_id)
    event = found.event if found else None
    permit(session, caller, "read_journal", _operated(caller, "Journal", event))
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
    permit(session, caller, "list_dead_letters", _operated(caller, "DeadLetters"))
    found = await dead_letters.list_dead_letters(session, limit=limit, programme_id=_only(caller))
    return list(found)


@router.get("/dead-letters/{consumer}/{event_id}", responses=problems(*ALWAYS))
async def get_dead_letter(
    consumer: Consumer,
    event_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_dead_letter", Purpose.OPERATIONS))],
    session: SessionDep,
) -> DeadLetterWithEvent:
    """Read one dead letter with its event."""
    return await _visible(session, caller, "read_dead_letter", consumer=consumer, event_id=event_id)


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
    letter = await _visible(
        session, caller, "replay_dead_letter", consumer=consumer, event_id=event_id
    )
    if not await dead_letters.ask_replay(session, consumer=consumer, event_id=event_id):
        raise NotParked
    return letter.model_copy(update={"state": "replaying"})


async def _visible(
    session: AsyncSession, caller: Caller, action: str, *, consumer: str, event_id: UUID
) -> DeadLetterWithEvent:
    """Return a dead letter of the caller's programme, or deny that there is one."""
    found = await dead_letters.find_dead_letter(session, consumer=consumer, event_id=event_id)
    body = found.body if found else None
    permit(session, caller, action, _operated(caller, "DeadLetters", body))
    if found is None:
        raise Denied.missing(action, kind="DeadLetters", id=str(event_id))
    return found
