import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs
from structlog.typing import EventDict

from shared.http import problems
from shared.http.middleware import BodyLimit, Observed, is_deep
from shared.observability.context import current_request_id, current_traceparent
from shared.observability.metrics import Metrics, make_metrics

LIMIT = 100
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def metrics() -> Metrics:
    return make_metrics(CollectorRegistry())


@pytest.fixture
async def client(metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(BodyLimit, at_most=LIMIT)
    app.add_middleware(Observed, metrics=metrics)

    @app.get("/people/{person_id}")
    async def get_person(person_id: str) -> dict[str, Any]:
        assert person_id
        return {"request": current_request_id(), "trace": current_traceparent()}

    @app.put("/echo")
    async def put_echo(body: dict[str, str]) -> int:
        return len(body)

    @app.put("/raw")
    async def put_raw(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    @app.get("/health")
    async def get_health() -> None:
        return None

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as entries:
        yield entries


async def test_every_answer_has_its_id_and_the_standing_headers(client: httpx.AsyncClient) -> None:
    for path in ("/people/7", "/nowhere"):
        answer = await client.get(path)

        assert len(answer.headers["X-Request-Id"]) == 32
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "max-age=" in answer.headers["Strict-Transport-Security"]
        assert len(answer.headers) == len(set(answer.headers))


async def test_a_stated_request_id_and_trace_reach_the_route(client: httpx.AsyncClient) -> None:
    headers = {"X-Request-Id": "made-up-1", "traceparent": f"00-{TRACE}-{'b' * 16}-01"}

    answer = await client.get("/people/7", headers=headers)

    assert answer.headers["X-Request-Id"] == answer.json()["request"] == "made-up-1"
    assert answer.json()["trace"].startswith(f"00-{TRACE}-")


async def test_without_them_they_are_made(client: httpx.AsyncClient) -> None:
    answer = await client.get("/people/7", headers={"X-Request-Id": "made up\x0b"})

    assert answer.json()["request"] == answer.headers["X-Request-Id"] != "made up\x0b"
    assert answer.json()["trace"].startswith("00-")


async def test_a_request_is_one_line_that_names_the_route_and_nothing_of_the_person(
    client: httpx.AsyncClient, logged: list[EventDict]
) -> None:
    await client.get("/people/birchcanary?name=Birchcanary")

    (line,) = logged
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/people/{person_id}",
        "status": 200,
    }


async def test_a_path_that_leads_nowhere_is_not_repeated(
    client: httpx.AsyncClient, logged: list[EventDict]
) -> None:
    await client.get("/birchcanary")

    assert [line["route"] for line in logged] == ["(unmatched)"]


async def test_a_machines_questions_are_logged_quietly(
    client: httpx.AsyncClient, logged: list[EventDict]
) -> None:
    await client.get("/health")

    assert [line["log_level"] for line in logged] == ["debug"]


async def test_requests_are_measured_by_route_template(
    client: httpx.AsyncClient, metrics: Metrics
) -> None:
    await client.get("/people/7")
    await client.get("/people/8")
    await client.request("BREW", "/people/8")

    def count(method: str, status: str) -> float | None:
        labels = {"method": method, "route": "/people/{person_id}", "status": status}
        name = "handoff_http_request_duration_seconds_count"
        return metrics.registry.get_sample_value(name, labels)

    assert count("GET", "200") == 2
    assert count("OTHER", "405") == 1


async def test_a_body_that_says_it_is_too_large_is_not_read(client: httpx.AsyncClient) -> None:
    answer = await client.put("/echo", json={"text": "x" * LIMIT})

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


async def chunks(size: int, *, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield b"x" * size


@pytest.mark.parametrize("path", ["/echo", "/raw"])
async def test_a_body_that_turns_out_too_large_is_refused_as_well(
    path: str, client: httpx.AsyncClient
) -> None:
    answer = await client.put(
        path, content=chunks(10, times=11), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


async def test_a_body_of_just_the_limit_passes(client: httpx.AsyncClient) -> None:
    body = json.dumps({"text": ""})
    whole = await client.put("/raw", content=chunks(10, times=10))
    small = await client.put("/echo", content=body, headers={"Content-Type": "application/json"})

    assert (whole.json(), small.json()) == (LIMIT, 1)


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"[" * 10 + b"]" * 10, False),
        (b"[" * 11 + b"]" * 11, True),
        (b'{"a":' * 11 + b"1" + b"}" * 11, True),
        (b"[],".join([b""] * 20), False),
        (b'["' + b"[" * 50 + b'"]', False),
        (b'["a\\"' + b"[" * 50 + b'"]', False),
        (b'["a\\\\"' + b",[" * 50, True),
        (b"[" * 60_000, True),
        (b'"' + b"[" * 60_000, False),
        (b"", False),
    ],
)
def test_how_deep_a_body_is_is_told_without_parsing_it(text: bytes, *, deep: bool) -> None:
    assert is_deep(text, at_most=10) is deep


async def test_a_body_that_is_too_deep_is_a_problem_and_is_not_parsed(
    client: httpx.AsyncClient,
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"["

    answers = [
        await client.put("/echo", content=b"[" * 90),
        await client.put("/echo", content=in_pieces()),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/too-deep")
