"""The ids that tie together what one request causes, here and in other services.

The request id is ours, for people; the traceparent is W3C Trace Context, for tools. Both travel
in context variables, in the headers of calls and in the envelope of events.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)
OUR_VERSION = "00"
UNSAMPLED = "00"


def current_request_id() -> str | None:
    return _request_id.get()


def current_traceparent() -> str | None:
    return _traceparent.get()


@contextmanager
def correlated(request_id: str | None, traceparent: str | None) -> Iterator[None]:
    """Tie everything done inside to these ids."""
    request_token = _request_id.set(request_id)
    trace_token = _traceparent.set(traceparent)
    try:
        yield
    finally:
        _traceparent.reset(trace_token)
        _request_id.reset(request_token)


def sane_request_id(stated: str | None) -> str:
    """Return *stated* if it looks like an id, or a new one."""
    if stated is not None and REQUEST_ID.fullmatch(stated):
        return stated
    return secrets.token_hex(16)


def new_traceparent() -> str:
    """Start a trace."""
    return f"{OUR_VERSION}-{_hex(16)}-{_hex(8)}-{UNSAMPLED}"


def child_traceparent(parent: str | None) -> str:
    """Continue the trace of *parent* with a span of our own, or start one if there is none."""
    found = TRACEPARENT.fullmatch(parent or "")
    if found is None or not _valid(found):
        return new_traceparent()
    return f"{OUR_VERSION}-{found['trace']}-{_hex(8)}-{found['flags']}"


def _valid(found: re.Match[str]) -> bool:
    """Apply what W3C Trace Context says beyond the form: no zero ids, no version ff."""
    if found["version"] == "ff" or not int(found["trace"], 16) or not int(found["span"], 16):
        return False
    return found["version"] != OUR_VERSION or found["more"] is None


def _hex(size: int) -> str:
    return secrets.token_hex(size)
