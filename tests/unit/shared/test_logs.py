import ast
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy.exc import ArgumentError

from shared.db.session import connect
from shared.observability import logs
from shared.observability.context import correlated
from shared.observability.metrics import METRICS

CANARY = "Zzyzx Birchcanary"
SENTENCE = f"made for {CANARY}"
ROOT = Path(__file__).resolve().parents[3]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What has been logged since the test began."""
    stream = io.StringIO()
    root = logging.getLogger()
    level = root.level
    logs.configure("referral", "info", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.setLevel(level)
    for handler in [each for each in root.handlers if isinstance(each, logs.LibraryLines)]:
        root.removeHandler(handler)


def dropped() -> float:
    return METRICS.registry.get_sample_value("handoff_log_keys_dropped_total") or 0.0


def test_a_line_is_json_with_its_service_level_and_time(lines: Lines) -> None:
    structlog.get_logger().info("referral_made", event_id=UUID(int=1), count=2)

    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "referral_made",
        "level": "info",
        "service": "referral",
        "event_id": str(UUID(int=1)),
        "count": 2,
    }


def test_a_line_carries_the_ids_of_its_request(lines: Lines) -> None:
    with correlated("made-up-1", f"00-{'a' * 32}-{'b' * 16}-01"):
        structlog.get_logger().info("referral_made")

    (line,) = lines()
    assert (line["request_id"], line["trace_id"]) == ("made-up-1", "a" * 32)


def test_what_is_below_the_level_is_not_written(lines: Lines) -> None:
    structlog.get_logger().debug("referral_made")

    assert lines() == []


LEAKS: dict[str, Callable[[Any], object]] = {
    "unlisted key": lambda log: log.info("referral_made", name=CANARY),
    "mapping": lambda log: log.info("referral_made", kind={"name": CANARY}),
    "list": lambda log: log.info("referral_made", kind=[CANARY]),
    "exception as value": lambda log: log.info("referral_made", kind=ValueError(CANARY)),
    "event in prose": lambda log: log.info(SENTENCE),
    "event with an argument": lambda log: log.info("made for %s", CANARY),
    "bound earlier": lambda log: log.bind(person=CANARY).warning("referral_made"),
    "exception": lambda log: log.error("referral_made", exc_info=ValueError(CANARY)),
    "stack": lambda log: log.error("referral_made", stack_info=CANARY),
    "argument of a library": lambda _: logging.getLogger("sqlalchemy").warning("%s", CANARY),
    "prose of a library": lambda _: logging.getLogger("uvicorn.error").error(SENTENCE),
    "exception as prose": lambda _: logging.getLogger("uvicorn.error").error(OSError(CANARY)),
    "exception of a library": lambda _: logging.getLogger("faststream").error(
        CANARY, exc_info=ValueError(CANARY)
    ),
    "extra of a library": lambda _: logging.getLogger("other").error("x", extra={"kind": CANARY}),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_planted_name_never_reaches_the_output(
    leak: Callable[[Any], object], lines: Lines
) -> None:
    leak(structlog.get_logger())

    (line,) = lines()
    assert "Birchcanary" not in json.dumps(line)
    assert logs.EVENT_NAME.fullmatch(line["event"])


def test_the_canary_would_be_seen_if_it_got_out(lines: Lines) -> None:
    structlog.get_logger().info("referral_made", kind=CANARY)

    assert "Birchcanary" in json.dumps(lines())


def test_what_was_dropped_is_counted(lines: Lines) -> None:
    before = dropped()

    structlog.get_logger().info("referral_made", name=CANARY, phone="555-0142", count=1)

    assert dropped() - before == 2
    assert len(lines()) == 1


def test_an_exception_is_its_type_and_place(lines: Lines) -> None:
    def crash() -> None:
        raise ValueError(CANARY)

    try:
        crash()
    except ValueError:
        structlog.get_logger().exception("referral_crashed")

    (line,) = lines()
    assert line["error_type"] == "ValueError"
    assert "crash:" in line["place"]


def test_an_exception_in_a_library_names_the_place_of_ours_that_called_it() -> None:
    with pytest.raises(ArgumentError) as caught:
        connect("no URL")

    ours, innermost = logs.place(caught.value).split(" > ")
    assert ours.startswith("shared.db.session.connect:")
    assert innermost.startswith("sqlalchemy.")


def test_a_library_is_heard_from_warning_on_without_its_words(lines: Lines) -> None:
    logging.getLogger("uvicorn.access").info("GET /people?name=%s", CANARY)
    logging.getLogger("nats").warning("slow consumer of %s", CANARY)

    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("library_warned", "nats", "warning")
    assert line["place"].startswith("test_logs.")


def test_every_key_that_our_code_logs_is_on_the_list() -> None:
    unknown = {
        f"{path.relative_to(ROOT)}:{call.lineno} {keyword.arg}"
        for folder in ("shared", "services", "deploy")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for call in log_calls(path)
        for keyword in call.keywords
        if keyword.arg not in {*logs.ALLOWED, "exc_info", None}
    }

    assert unknown == set()


def log_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if (
                level in LEVELS
            ):
                yield node
            case _:
                pass


class FullDisk(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("lines")
def test_a_full_disk_under_the_log_stops_nobody() -> None:
    lost = METRICS.registry.get_sample_value("handoff_log_lines_lost_total") or 0.0
    logs.configure("referral", "info", stream=FullDisk())

    structlog.get_logger().info("request")

    assert (METRICS.registry.get_sample_value("handoff_log_lines_lost_total") or 0.0) > lost
