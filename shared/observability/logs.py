"""Logs: one JSON line per event, and nothing in it that could be about a person.

Only listed keys get out, and only scalar values; the rest is dropped and counted. An event is
named by a constant code. Of an exception only its type and the place in the code are told, and of
a library's log line only who wrote it and where: their texts may quote values.
"""

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import date
from enum import Enum
from types import TracebackType
from typing import Any, TextIO, cast
from uuid import UUID

import orjson
import structlog

from shared.observability.context import TRACEPARENT, current_request_id, current_traceparent
from shared.observability.metrics import METRICS

EventDict = MutableMapping[str, Any]

ALLOWED = frozenset(
    {
        "action",
        "attempts",
        "check",
        "consumer",
        "count",
        "duration_ms",
        "error_type",
        "event",
        "event_id",
        "kind",
        "level",
        "logger",
        "loop",
        "method",
        "outcome",
        "pid",
        "place",
        "port",
        "position",
        "reason",
        "request_id",
        "route",
        "seconds",
        "service",
        "source",
        "status",
        "subject",
        "timestamp",
        "trace_id",
        "version",
    }
)
EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
UNNAMED = "unnamed_event"
LONGEST_VALUE = 200
OURS = ("services.", "shared.", "deploy.")
LIBRARIES = (
    "asyncio",
    "faststream",
    "nats",
    "sqlalchemy",
    "uvicorn",
    "uvicorn.access",
    "uvicorn.asgi",
    "uvicorn.error",
)


def configure(service: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send everything that this process logs, libraries included, to *stream* as JSON lines."""
    number = logging.getLevelNamesMapping()[level.upper()]

    def name_service(_: object, __: str, found: EventDict) -> EventDict:
        found["service"] = service
        return found

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_service,
            correlate,
            reduce_exception,
            keep_allowed,
            structlog.processors.JSONRenderer(serializer=_to_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(
            cast("TextIO", Unfailing(stream or sys.stdout))
        ),
        cache_logger_on_first_use=False,
    )
    _adopt_libraries()


def correlate(_: object, __: str, found: EventDict) -> EventDict:
    """Add the ids of the request or event that this line belongs to."""
    if request_id := current_request_id():
        found["request_id"] = request_id
    if trace := TRACEPARENT.fullmatch(current_traceparent() or ""):
        found["trace_id"] = trace["trace"]
    return found


def reduce_exception(_: object, __: str, found: EventDict) -> EventDict:
    """Replace an exception by its type and place."""
    stated = found.pop("exc_info", None)
    if not stated:
        return found
    error = stated if isinstance(stated, BaseException) else sys.exc_info()[1]
    if error is not None:
        found["error_type"] = type(error).__name__
        found["place"] = place(error)
    return found


def keep_allowed(_: object, __: str, found: EventDict) -> EventDict:
    """Drop what is not on the list, and count it: a drop is a slip in the code to be mended."""
    kept: EventDict = {}
    for key, value in found.items():
        if key in ALLOWED and isinstance(value, str | int | float | UUID | date | None):
            kept[key] = _short(value)
        else:
            METRICS.log_keys_dropped.inc()
    if not EVENT_NAME.fullmatch(str(found.get("event"))):
        METRICS.log_keys_dropped.inc()
        kept["event"] = UNNAMED
    return kept


def _short(value: object) -> object:
    if isinstance(value, Enum):
        value = value.value
    return value[:LONGEST_VALUE] if isinstance(value, str) else value


def place(error: BaseException) -> str:
    """Return where *error* arose: our innermost frame, then the innermost of all."""
    ours = innermost = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__"))
        innermost = f"{module}.{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        if module.startswith(OURS):
            ours = innermost
        trace = trace.tb_next
    return " > ".join(dict.fromkeys(each for each in (ours, innermost) if each)) or "unknown"


def _to_json(value: Any, **_: Any) -> str:  # noqa: ANN401 - structlog's protocol
    return orjson.dumps(value).decode()


class Unfailing(io.TextIOBase):
    """Counts what it cannot write: a full disk under a log must stop nobody's work."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            METRICS.log_lines_lost.inc()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            METRICS.log_lines_lost.inc()


class LibraryLines(logging.Handler):
    """Passes on that a library warned, from where, and about which kind of exception."""

    def emit(self, record: logging.LogRecord) -> None:
        about: dict[str, Any] = {
            "logger": record.name,
            "place": f"{record.module}.{record.funcName}:{record.lineno}",
        }
        error = record.exc_info[1] if record.exc_info else record.msg
        if isinstance(error, BaseException):
            about |= {"error_type": type(error).__name__, "place": place(error)}
        log = structlog.get_logger()
        log.log(min(record.levelno, logging.CRITICAL), "library_warned", **about)


def _adopt_libraries() -> None:
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, LibraryLines)]:
        root.removeHandler(handler)
    root.addHandler(LibraryLines(logging.WARNING))
    root.setLevel(logging.WARNING)
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)
