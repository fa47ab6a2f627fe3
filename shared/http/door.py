"""Who comes into a service at all: whoever shows a valid token, and whom no policy keeps out of it.

It is asked before route, method and body are looked at. So whom a service is closed to learns
nothing from what it would have made of a request, each of their tries is audited, and a route that
forgot to state its caller would still want a token.
"""

import re

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http.auth import TokenVerifier, Unauthenticated
from shared.http.denials import Denied, answer_denial
from shared.http.describe import pages
from shared.http.health import router as health
from shared.http.limits import Counted, Limits
from shared.http.problems import Problem, Unavailable
from shared.observability.context import current_request_id, sane_request_id
from shared.policy.actor import Actor, Caller, Function, Purpose
from shared.policy.engine import Policy
from shared.policy.resource import Resource

ACTION = "enter"
KIND = "Entrance"
# Descriptions of the program, and what tells a machine whether it lives: nothing of anybody.
OPEN = frozenset({"/openapi.json"}) | {
    path for each in (*health.routes, *pages.router.routes) if (path := getattr(each, "path", None))
}
BEARER = re.compile(r"[Bb]earer +([^\s]+)")
RECORD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def install(
    app: FastAPI, limits: Limits, *, requests_per_minute: int, unknown_per_minute: int
) -> None:
    """Tell the door of *app* how often a person, and an unknown address, may knock."""
    app.state.limits = limits
    app.state.requests_per_minute = requests_per_minute
    app.state.unknown_per_minute = unknown_per_minute
    app.state.database_checked = True  # until a start finds that the database is away


class Door:
    """Gives each request its actor (`request.state.actor`), or turns it away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            if not _app(request).state.database_checked:
                raise Unavailable
            request.state.actor = actor = await _counted(request)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if denied := _denied(request, actor):
            answer = await answer_denial(request, denied)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _counted(request: Request) -> Actor:
    """Return who asks, unless they ask too often; our own services may as often as they need.

    Raises:
        TooMany: a person, or whoever shows no valid token from this address.
    """
    state = _app(request).state
    limits: Limits = state.limits
    try:
        actor = await _actor(request)
    except Unauthenticated:
        address = request.client.host if request.client else "somewhere"
        await limits.count(Counted.UNKNOWN, address, at_most=state.unknown_per_minute)
        raise
    if actor.function is not Function.SERVICE:
        await limits.count(Counted.REQUESTS, actor.actor_id, at_most=state.requests_per_minute)
    return actor


async def _actor(request: Request) -> Actor:
    """Return whose token it is.

    Raises:
        Unauthenticated: there is none, or it is not valid.
        Unavailable: the provider's keys cannot be had.
    """
    shown = BEARER.fullmatch(request.headers.get("Authorization", ""))
    if shown is None:
        raise Unauthenticated("Send an access token: Authorization: Bearer <token>.")
    verifier: TokenVerifier = _app(request).state.verifier
    return await verifier.verify(shown[1])


def _denied(request: Request, actor: Actor) -> Denied | None:
    """Return why *actor* does not come in, if so, and leave the caller for its audit entry."""
    state = _app(request).state
    policy: Policy = state.policy
    caller = Caller(actor, _purpose(request), current_request_id() or sane_request_id(None))
    entrance = Resource(KIND, _asked_for(request) or state.service, actor.programme_id)
    decision = policy.decide(caller, ACTION, entrance, service=state.service)
    if decision.allowed:
        return None
    request.state.caller = caller
    return Denied(ACTION, entrance, reason=decision.reason)


def _purpose(request: Request) -> Purpose:
    """Return the stated purpose; which a route would take for granted nobody has asked yet."""
    stated = request.headers.get("Handoff-Purpose")
    return next((each for each in Purpose if each.value == stated), Purpose.OPERATIONS)


def _asked_for(request: Request) -> str | None:
    """Return the id of the record that the path names, for whoever reads the audit log."""
    named = RECORD.search(request.url.path)
    return named[0] if named else None


def _app(request: Request) -> FastAPI:
    app: FastAPI = request.app
    return app
