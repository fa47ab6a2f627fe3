"""What measures requests counts only what succeeded, and says so when something did not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import repeat

import pytest
from typer.testing import CliRunner

from deploy.cli.errors import CliError
from deploy.cli.main import make_app
from tests.bench.http_load import Load, Request, UnexpectedAnswerError, load
from tests.bench.page import PAGE, PARTS, REPORT, page
from tests.bench.requests import _check_same_rows
from tests.servers import free_port

NOTHING = {"date": "", "machine": ""}
ASKED = Request("PUT", "/pears/1", {"Content-Type": "application/json"}, b'{"ripe": true}')


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[str]:
    """Serve one answer to everything, as HTTP/1.1 with connections kept."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                assert head.startswith(b"PUT /pears/1 HTTP/1.1\r\nHost: 127.0.0.1:")
                assert await reader.readexactly(len(ASKED.body)) == ASKED.body
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\nok" % status)
        except asyncio.IncompleteReadError:
            writer.close()

    port = free_port()
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


async def test_what_succeeds_within_the_time_is_counted() -> None:
    async with answering(201) as url:
        found = await load(url, repeat(ASKED), seconds=0.2, connections=3, warm_up=0.05)

    assert found.answered > 3
    assert found.per_second == pytest.approx(found.answered / 0.2, rel=0.01)
    assert 0 < found.p50 <= found.p95 <= found.p99


async def test_an_answer_that_is_no_success_ends_the_measurement() -> None:
    async with answering(409) as url:
        with pytest.raises(UnexpectedAnswerError, match="409: b'ok'"):
            await load(url, repeat(ASKED), seconds=0.2, connections=1, warm_up=0.0)


def test_percentiles_are_of_all_latencies() -> None:
    found = Load.of([float(each) for each in range(100, 0, -1)], seconds=10)

    assert (found.per_second, found.p50, found.p95, found.p99) == (10.0, 51.0, 96.0, 100.0)


def test_a_ceiling_that_leaves_other_rows_is_no_ceiling() -> None:
    _check_same_rows([{"a": 10, "b": 40, "c": 0}, {"a": 12, "b": 48, "c": 0}])
    _check_same_rows([{"casework.audit_entry": 0}, {"casework.audit_entry": 90}])

    for bare in ({"a": 10, "b": 30}, {"a": 10, "b": 0}, {"a": 0, "b": 0}):
        with pytest.raises(AssertionError, match="the rows differ"):
            _check_same_rows([bare, {"a": 10, "b": 40}])


def test_nothing_is_measured_under_a_name_that_there_is_not() -> None:
    with pytest.raises(CliError, match="name requests or walls or policy or"):
        CliRunner().invoke(make_app(), ["bench", "nonsense"], catch_exceptions=False)


def test_the_page_tells_what_the_report_says() -> None:
    report = json.loads(REPORT.read_text("utf-8"))
    assert PAGE.read_text("utf-8") == page(report)
    for name in report.keys() & PARTS.keys():
        assert len(page({"date": "", "machine": "", name: report[name]})) > len(page(NOTHING))
