"""How a route states who acts and why, asks the policy, and leaves a trace of the answer.

A request is one transaction: what the policy allowed is audited in it, and it is committed before
the answer is sent, so a failed commit is an error and not a success that never happened. A denial
is audited in a transaction of its own before it is answered; without that record the answer is
503. Forbidden and missing give the same bytes.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated

import structlog
from fastapi import Depends, FastAPI, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.log import record
from shared.db.session import Sessions
from shared.db.writes import write
from shared.http.auth import AuthenticationTooOld, Unauthenticated, check_fresh
from shared.http.denials import Denied, OnDenied, UnaskedError, answer_denial, caller_of, scope_of
from shared.http.limits import TooMany
from shared.http.problems import BadRequest, InvalidInput, NotVisible, Unavailable
from shared.observability.context import current_request_id, sane_request_id
from shared.policy.actor import EVERY_PROGRAMME, Actor, Caller, Function, Purpose
from shared.policy.engine import Policy
from shared.policy.resource import Resource

__all__ = [
    "ALWAYS",
    "Denied",
    "HeaderRefused",
    "Resource",
    "SessionDep",
    "acting",
    "install",
    "permit",
]

log = structlog.get_logger()

SIGN_IN_TOO_OLD = "sign_in_too_old"
PROGRAMME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}|\*")
BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token (RFC 9068).")
_GUARD = "guard"
_ASKED = "policy_asked"


class HeaderRefused(BadRequest):
    type = "/problems/header-refused"
    title = "A header states something that this route does not serve"


# What every route that states its actor may answer besides its own refusals.
# BadRequest also says that a body is no JSON.
ALWAYS = (
    BadRequest,
    HeaderRefused,
    Unauthenticated,
    TooMany,
    NotVisible,
    InvalidInput,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class _Guard:
    policy: Policy
    service: str
    actions: frozenset[str]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """A dependency that gives the caller; it also tells a guard test what its route states."""

    actions: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    fresh: bool = False

    async def __call__(
        self,
        request: Request,
        _: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
        handoff_purpose: Annotated[
            str | None, Header(description="Why you ask; the route's first purpose if absent.")
        ] = None,
        handoff_programme: Annotated[
            str | None, Header(description="For which programme a service asks.")
        ] = None,
    ) -> Caller:
        """Add what the request states to the actor whom the door let in."""
        actor: Actor | None = getattr(request.state, "actor", None)
        if actor is None:
            raise UnaskedError("Nobody verified the token: install the door.")
        caller = Caller(
            actor=_for_programme(actor, handoff_programme),
            purpose=self._purpose(handoff_purpose),
            request_id=current_request_id() or sane_request_id(None),
        )
        request.state.caller = caller
        request.state.actions = frozenset(self.actions)
        request.state.fresh = self.fresh
        return caller

    def _purpose(self, stated: str | None) -> Purpose:
        if stated is None:
            return self.purposes[0]
        for purpose in self.purposes:
            if purpose.value == stated:
                return purpose
        served = ", ".join(purpose.value for purpose in self.purposes)
        raise HeaderRefused(f"Handoff-Purpose can be one of these here: {served}.")


def acting(
    action: str, *purposes: Purpose, or_else: str | None = None, fresh: bool = False
) -> Acting:
    """State what a route does and which purposes it serves; the first is the default.

    A route that does one of two things, by whom or why it is asked, states the other as *or_else*.
    One that is *fresh* answers only who signed in within the last minutes (AuthenticationTooOld).
    """
    if not purposes:
        raise ValueError("A route serves at least one purpose.")
    return Acting((action, or_else) if or_else else (action,), purposes, fresh=fresh)


def _for_programme(actor: Actor, stated: str | None) -> Actor:
    """Let a service act for the programme it names; a person's programme is the token's."""
    if actor.function is not Function.SERVICE or stated is None:
        return actor
    if not PROGRAMME.fullmatch(stated):
        raise HeaderRefused("Handoff-Programme is not the name of a programme.")
    if actor.programme_id not in (EVERY_PROGRAMME, stated):
        raise HeaderRefused("Handoff-Programme names a programme that this service has no part in.")
    return replace(actor, programme_id=stated)


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    """Yield the request's transaction, which sees the caller's programme and no other."""
    caller = caller_of(request)
    if caller is None:
        raise UnaskedError("Declare acting(...) before SessionDep: a session needs its caller.")
    sessions: Sessions = request.app.state.sessions
    async with sessions.begin(scope_of(caller)) as session:
        session.info[_GUARD] = _Guard(
            request.app.state.policy,
            request.app.state.service,
            request.state.actions,
            request.state.fresh,
        )
        yield session
        if not session.info.get(_ASKED):
            raise UnaskedError("The route never called permit().")
        await _write(session)


async def _write(session: AsyncSession) -> None:
    """Write what the request leaves behind, its audit entry too: without that there is no answer.

    Raises:
        Unavailable: the database does not let this service write it.
    """
    try:
        await write(session)
    except ProgrammingError as failure:  # such as a right that was taken from the application
        log.error(  # noqa: TRY400 - a stack trace could quote what was asked for
            "request_not_written", error_type=type(failure.orig).__name__
        )
        raise Unavailable from None


# scope="function": the commit comes before the answer, so its failure can still become a 5xx.
SessionDep = Annotated[AsyncSession, Depends(_session, scope="function")]


def permit(session: AsyncSession, caller: Caller, action: str, resource: Resource) -> None:
    """Return if *caller* may do *action*, leaving an audit row in *session*.

    Raises:
        Denied: the policy says no.
            Or it says yes, and the route wants a sign-in of the last minutes: that answer is 401.
    """
    guard: _Guard = session.info[_GUARD]
    if action not in guard.actions:
        raise UnaskedError(f"The route does not state that it does {action}.")
    decision = guard.policy.decide(caller, action, resource, service=guard.service)
    if not decision.allowed:
        raise Denied(action, resource, reason=decision.reason)
    if guard.fresh:  # asked last: a challenge tells that there is something
        _check_fresh(caller, action, resource)
    session.info[_ASKED] = True
    record(
        session,
        caller,
        action=action,
        resource=resource,
        outcome="allowed",
        reason=decision.reason,
    )


def _check_fresh(caller: Caller, action: str, resource: Resource) -> None:
    try:
        check_fresh(caller.actor)
    except AuthenticationTooOld as challenge:
        raise Denied(action, resource, reason=SIGN_IN_TOO_OLD, answer=challenge) from None


def install(app: FastAPI, *, on_denied: OnDenied | None = None) -> None:
    """Have *app* audit every denial, and do *on_denied* with it, before it answers."""
    app.state.on_denied = on_denied
    app.add_exception_handler(Denied, answer_denial)
