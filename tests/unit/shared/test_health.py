import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.http import health
from shared.http.health import Check


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    health.install(app)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def add(app: FastAPI, name: str, *, ok: bool, essential: bool) -> None:
    async def probe() -> Check:
        return Check(name, ok=ok, essential=essential, detail="as the test says")

    health.register(app, probe, name=name, essential=essential)


async def test_a_process_that_answers_lives(app: FastAPI, client: httpx.AsyncClient) -> None:
    add(app, "database", ok=False, essential=True)

    answer = await client.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    ("database_ok", "broker_ok", "status_code", "status"),
    [
        (True, True, 200, "ready"),
        (True, False, 200, "degraded"),
        (False, True, 503, "not_ready"),
        (False, False, 503, "not_ready"),
    ],
)
async def test_only_what_is_essential_keeps_a_process_from_serving(
    database_ok: bool,  # noqa: FBT001 - a table of cases
    broker_ok: bool,  # noqa: FBT001 - a table of cases
    status_code: int,
    status: str,
    app: FastAPI,
    client: httpx.AsyncClient,
) -> None:
    add(app, "database", ok=database_ok, essential=True)
    add(app, "broker", ok=broker_ok, essential=False)

    answer = await client.get("/ready")

    assert (answer.status_code, answer.json()["status"]) == (status_code, status)
    checks = {each["name"]: each["ok"] for each in answer.json()["checks"]}
    assert checks == {"database": database_ok, "broker": broker_ok}


async def hang() -> Check:
    await asyncio.Event().wait()
    raise AssertionError


async def crash() -> Check:
    raise ValueError("Birchcanary")


@pytest.mark.parametrize(
    ("probe", "detail"), [(hang, "no answer within 0.05 s"), (crash, "ValueError")]
)
async def test_a_check_that_gives_no_answer_has_failed(
    probe: health.Probe,
    detail: str,
    app: FastAPI,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "WITHIN_SECONDS", 0.05)
    health.register(app, probe, name="broker", essential=False)

    answer = await client.get("/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "checks": [{"name": "broker", "ok": False, "essential": False, "detail": detail}],
    }


async def test_metrics_are_shown_as_prometheus_reads_them(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "handoff_relay_lag_seconds" in answer.text
