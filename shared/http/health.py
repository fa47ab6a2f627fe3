"""Whether a process lives, whether it can serve, and what it measures; for machines, no token.

Readiness runs every registered check at once. One that hangs or raises has failed: a check says
nothing by silence, and its exception's text goes nowhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Literal

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field

from shared.observability.metrics import METRICS

WITHIN_SECONDS = 2.0

router = APIRouter(tags=["health"])


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing stands that the process depends on."""

    name: str
    ok: bool
    essential: bool
    detail: str = ""


Probe = Callable[[], Awaitable[Check]]


@dataclass(frozen=True, slots=True)
class _Registered:
    name: str
    essential: bool
    probe: Probe


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class CheckView(BaseModel):
    name: str = Field(examples=["database"])
    ok: bool
    essential: bool
    detail: str = Field(examples=["oldest event waits 0.0 s"])


class Readiness(BaseModel):
    """Ready, degraded (serves, but something is missing) or not ready."""

    status: Literal["ready", "degraded", "not_ready"]
    checks: list[CheckView]


def install(app: FastAPI) -> None:
    """Give *app* the routes of this module and room for its checks."""
    app.state.checks = []
    app.include_router(router)


def register(app: FastAPI, probe: Probe, *, name: str, essential: bool) -> None:
    """Let readiness depend on *probe*; name and weight are for when it gives no answer."""
    app.state.checks.append(_Registered(name, essential, probe))


@router.get("/health")
async def get_health() -> Alive:
    """Answer at all: the process lives. Asks nothing else, so that no outage restarts it."""
    return Alive()


@router.get("/ready", responses={503: {"model": Readiness, "description": "Not ready"}})
async def get_ready(request: Request, response: Response) -> Readiness:
    """Say whether to send requests here."""
    checks = await asyncio.gather(*(_run(each) for each in request.app.state.checks))
    failed = [each for each in checks if not each.ok]
    status: Literal["ready", "degraded", "not_ready"] = "degraded" if failed else "ready"
    if any(each.essential for each in failed):
        status = "not_ready"
        response.status_code = 503
    return Readiness(status=status, checks=[CheckView(**asdict(each)) for each in checks])


@router.get("/metrics", response_class=Response)
async def get_metrics() -> Response:
    """Show what this process counts and measures, as Prometheus reads it."""
    return Response(generate_latest(METRICS.registry), media_type=CONTENT_TYPE_LATEST)


async def _run(registered: _Registered) -> Check:
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            return await registered.probe()
    except TimeoutError:
        detail = f"no answer within {WITHIN_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - whatever a probe raises, its check has failed
        detail = type(error).__name__
    return Check(registered.name, ok=False, essential=registered.essential, detail=detail)
