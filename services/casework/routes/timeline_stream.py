"""The timeline of one participant as it grows: server-sent events.

The opening is a request like any other: permitted, audited and committed before anything is sent.
Then each look is a short transaction of its own, so that a reader who stays all day holds no
connection. Each look verifies the token again: a stream never outlives what opened it.
"""

import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.casework.schemas.timelines import TimelineLine
from services.casework.tables.timeline import TimelineEntry
from services.casework.use_cases.read_timeline import Following, begin_following, new_lines
from shared.db.failures import is_busy, is_unreachable
from shared.db.session import Scope, Sessions
from shared.http.access import ALWAYS, BEARER, SessionDep, acting
from shared.http.auth import TokenVerifier
from shared.http.problems import Problem, problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/participants", tags=["timelines"])

LOOK_EVERY_SECONDS = 0.5
EXAMPLE = """\
id: 0190a5d0-e1c3-7000-8000-000000000000
event: line
data: {"kind": "contact_made", ... as on the page ...}

"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a permitted reader follows, and whose rows each look may see."""

    following: Following
    scope: Scope


async def _opened(
    participant_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_timeline", Purpose.CARE_COORDINATION))],
    session: SessionDep,
    last_event_id: Annotated[
        UUID | None, Header(description="The id of the last line seen, to go on from there.")
    ] = None,
) -> Opened:
    following = await begin_following(session, caller, participant_id, after=last_event_id)
    return Opened(following, Scope(caller.actor.programme_id, caller.actor.actor_id))


@router.get(
    "/{participant_id}/timeline/stream",
    response_class=EventSourceResponse,
    responses={
        200: {"content": {"text/event-stream": {"example": EXAMPLE}}},
        **problems(*ALWAYS),
    },
)
async def stream_timeline(
    # scope="function", like the session's: it is committed before the first byte is sent.
    opened: Annotated[Opened, Depends(_opened, scope="function")],
    token: Annotated[HTTPAuthorizationCredentials, Security(BEARER)],
    request: Request,
) -> AsyncIterator[ServerSentEvent]:
    """Send each line once as it is added, its id with it. Open this first, then read the page.

    Ends with the token, with the reader's access to the record, when the database is away, and
    when the service stops: open it again with `Last-Event-ID`. What was added since about a minute
    before that line comes then, so some lines may come twice, with the same id, and none is missed.
    """
    verifier: TokenVerifier = request.app.state.verifier
    sessions: Sessions = request.app.state.sessions
    stopping: threading.Event = request.app.state.stopping
    while not stopping.is_set() and await _still_valid(verifier, token.credentials):
        found = await _look(sessions, opened)
        if found is None:
            return
        for entry in found:
            yield ServerSentEvent(id=str(entry.id), event="line", data=TimelineLine.of(entry))
        await anyio.sleep(LOOK_EVERY_SECONDS)


async def _still_valid(verifier: TokenVerifier, token: str) -> bool:
    try:
        await verifier.verify(token)
    except Problem:
        return False
    return True


async def _look(sessions: Sessions, opened: Opened) -> Sequence[TimelineEntry] | None:
    """Return what is new; None if the record was closed, or the database cannot be asked just now.

    A reader who goes ends the stream, but cuts off no look: its transaction ends by itself.
    """
    found: Sequence[TimelineEntry] | None = None
    with anyio.CancelScope(shield=True):
        try:
            async with sessions.begin(opened.scope) as session:
                found = await new_lines(session, opened.following)
        except Exception as error:
            if not (is_unreachable(error) or is_busy(error)):
                raise
    return found
