"""What becomes of a refusal: it is audited, and only then answered, at a moment that tells nothing.

Forbidden and missing give the same bytes. Without the audit entry the answer is 503.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Self, cast

import structlog
from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.log import record
from shared.db.session import Scope, Sessions
from shared.http.problems import NotVisible, Problem, Unavailable
from shared.policy.actor import Caller
from shared.policy.resource import Resource

log = structlog.get_logger()

NO_SUCH_RECORD = "no_such_record"
REFUSED_EVERY_SECONDS = 0.01  # many times what forbidden and missing differ by
OnDenied = Callable[[AsyncSession, Caller], Awaitable[None]]


class Denied(Exception):  # noqa: N818 - an answer, not a fault
    """The policy said no, or there is no such record: outside nobody can tell which."""

    def __init__(
        self,
        action: str,
        resource: Resource,
        *,
        reason: str = NO_SUCH_RECORD,
        answer: Problem | None = None,
    ) -> None:
        super().__init__(reason)
        self.answer = answer or NotVisible()
        self.action = action
        self.resource = resource
        self.reason = reason

    @classmethod
    def missing(cls, action: str, *, kind: str, id: str) -> Self:  # noqa: A002 - as in Resource
        """Answer for a record that does not exist, as far as this transaction can see."""
        return cls(action, Resource(kind, id, programme_id=""))


class UnaskedError(RuntimeError):
    """A route did not ask the policy for what it states: a fault of the route."""


async def answer_denial(request: Request, error: Exception) -> Response:
    """Answer what was refused, once it is audited who was refused what."""
    denied = cast("Denied", error)
    try:
        state = request.app.state
        await _audit_denial(state.sessions, caller_of(request), denied, state.on_denied)
    except Exception as failure:  # noqa: BLE001 - whatever it was, there is no record: no answer
        log.error(  # noqa: TRY400 - a stack trace could quote what was asked for
            "denial_not_audited", action=denied.action, error_type=type(failure).__name__
        )
        return Unavailable().response()
    log.warning("access_denied", action=denied.action, reason=denied.reason)
    await _next_tick()
    return denied.answer.response()


async def _next_tick() -> None:
    """Wait for the next full tick of the loop's clock: how long it took tells nothing.

    Not for a while from when the request came: what that leaves of a millisecond would still tell.
    """
    now = asyncio.get_running_loop().time()
    await asyncio.sleep(REFUSED_EVERY_SECONDS - now % REFUSED_EVERY_SECONDS)


async def _audit_denial(
    sessions: Sessions, caller: Caller | None, denied: Denied, on_denied: OnDenied | None
) -> None:
    if caller is None:
        raise UnaskedError("A denial without a caller cannot be audited.")
    # The try belongs to the programme it was made from, also when it reached for another one.
    resource = replace(denied.resource, programme_id=caller.actor.programme_id)
    async with sessions.begin(scope_of(caller)) as session:
        record(
            session,
            caller,
            action=denied.action,
            resource=resource,
            outcome="denied",
            reason=denied.reason,
        )
        if on_denied is not None:
            await on_denied(session, caller)


def caller_of(request: Request) -> Caller | None:
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller


def scope_of(caller: Caller) -> Scope:
    return Scope(programme_id=caller.actor.programme_id, actor_id=caller.actor.actor_id)
