"""What surrounds every request: its ids, a limit to its body, one log line, one measurement.

Pure ASGI, so that context variables reach the route and nothing is buffered. The log line and
the measurement name the route template; paths, query strings and bodies are never recorded.
"""

import re
import time
from collections.abc import Iterable
from typing import Protocol

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problems import BodyRefusedError, TooDeep, TooLarge, problem_of
from shared.observability.context import (
    child_traceparent,
    correlated,
    sane_request_id,
)
from shared.observability.metrics import METRICS, Metrics

log = structlog.get_logger()

BODY_LIMIT = 64 * 1024
DEEPEST = 10
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)  # the last one may never end
BRACKETS = re.compile(rb"[{}\[\]]")
REQUEST_ID = "X-Request-Id"
REQUEST_ID_BYTES = REQUEST_ID.lower().encode()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "(unmatched)"
CRASHED_UNANSWERED = 500

# Asked every few seconds by machines: a line each would bury the others.
QUIET = frozenset({"/health", "/ready", "/metrics"})

# What every answer says to a browser, should one ever show it (OWASP REST Security Cheat Sheet).
# TLS ends before the service; what is said of it reaches the browser all the same.
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
)
CONTENT_POLICY = b"content-security-policy"
LOADS_NOTHING = (CONTENT_POLICY, b"default-src 'none'; frame-ancestors 'none'")
SAID = frozenset(name for name, _ in ALWAYS)


class Surrounding(Protocol):
    """A middleware as Starlette makes it."""

    def __init__(self, app: ASGIApp) -> None: ...
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


def install(
    app: FastAPI, *, body_limit: int = BODY_LIMIT, door: type[Surrounding] | None = None
) -> None:
    """Surround *app*; what is added last stands outermost, so nobody's body is read at the door."""
    app.add_middleware(BodyLimit, at_most=body_limit)
    if door is not None:
        app.add_middleware(door)
    app.add_middleware(Observed)


class Observed:
    """Gives a request its ids and its answer the standing headers; logs and measures both."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics = METRICS) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = sane_request_id(headers.get(REQUEST_ID))
        answer = _Answer(send, request_id)
        started = time.perf_counter()
        with correlated(request_id, child_traceparent(headers.get("traceparent"))):
            try:
                await self._app(scope, receive, answer.send)
            except Exception as error:
                if answer.status is not None:
                    raise
                await problem_of(error).response()(scope, receive, answer.send)
            finally:
                self._tell(scope, answer.status, time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int | None, seconds: float) -> None:
        route = _template(scope)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        status = status or CRASHED_UNANSWERED
        self._metrics.http_seconds.labels(method, route, str(status)).observe(seconds)
        write = log.debug if route in QUIET else log.info
        duration_ms = round(seconds * 1000, 1)
        write("request", method=method, route=route, status=status, duration_ms=duration_ms)


class _Answer:
    """Adds the standing headers to an answer and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [each for each in message["headers"] if each[0].lower() not in SAID]
            message["headers"] = [*own, (REQUEST_ID_BYTES, self._request_id.encode()), *ALWAYS]
            if not any(name.lower() == CONTENT_POLICY for name, _ in own):
                message["headers"].append(LOADS_NOTHING)  # a page for people states its own
        await self._send(message)


def _template(scope: Scope) -> str:
    """Return the path as the route's own router has it; a prefix belongs there, not on include."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else UNMATCHED


class BodyLimit:
    """Refuses a body that says it is too large, one that turns out to be, and one nested deeply."""

    def __init__(self, app: ASGIApp, *, at_most: int = BODY_LIMIT) -> None:
        self._app = app
        self._at_most = at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _stated_length(scope["headers"]) > self._at_most:
            await TooLarge().response()(scope, receive, send)
            return
        read = bytearray()

        async def limited() -> Message:
            message = await receive()
            read.extend(message.get("body", b""))
            if len(read) > self._at_most:
                raise BodyRefusedError(TooLarge())
            if not message.get("more_body") and is_deep(read, at_most=DEEPEST):
                raise BodyRefusedError(TooDeep())
            return message

        await self._app(scope, limited, send)


def is_deep(text: bytes | bytearray, *, at_most: int) -> bool:
    """Say whether JSON holds things within things more than *at_most* levels deep.

    No library says it before it has parsed the whole, or given up in one way or another. Most
    bodies hold too few things at all to be looked at.
    """
    if text.count(b"{") + text.count(b"[") <= at_most:
        return False
    level = 0
    for each in BRACKETS.finditer(STRINGS.sub(b"", text)):
        level += 1 if each[0] in b"{[" else -1
        if level > at_most:
            return True
    return False


def _stated_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    stated = dict(headers).get(b"content-length", b"0")
    return int(stated) if stated.isdigit() else 0
