"""Every route of every service says who may act, why, and how it refuses."""

from collections.abc import Iterator

import pytest
from fastapi import Depends, FastAPI, Response
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from deploy.contracts.openapi import application
from shared.http.access import acting
from shared.http.describe.document import stated
from shared.http.problems import MEDIA_TYPE, NotVisible, problems
from shared.policy.actor import Purpose
from tests.architecture.rules import ROOT, service_names

FOR_MACHINES = frozenset({"/health", "/ready", "/metrics"})  # no token: they tell no case data
DESCRIPTIONS = frozenset(
    {"/openapi.json", "/asyncapi.json", "/docs", "/docs/events", "/docs/redoc.js"}
)
MUST_DECLARE = frozenset({"401", "404", "503"})


def guarded_routes(app: FastAPI) -> list[RouteContext]:
    """Return every route, those of included routers as well, that may tell something."""
    return [
        route
        for route in iter_route_contexts(app.routes)
        if route.path not in FOR_MACHINES | DESCRIPTIONS
    ]


def silences(route: RouteContext) -> Iterator[str]:
    """Say what a route leaves unsaid."""
    if not isinstance(route.original_route, APIRoute):
        yield "is no route of FastAPI, so nothing can be stated"
        return
    if len(list(stated(route.dependant))) != 1:
        yield "states no actor and purpose, or more than one"
    declared = {
        str(status)
        for status, response in route.responses.items()
        if MEDIA_TYPE in response.get("content", {})
    }
    if missing := MUST_DECLARE - declared:
        yield f"does not declare the problems {sorted(missing)}"
    if not route.description:
        yield "has no sentence for its readers"


@pytest.mark.parametrize("service", service_names())
def test_every_route_states_actor_purposes_and_problems(service: str) -> None:
    routes = guarded_routes(application(service))

    found = [f"{route.path}: {silence}" for route in routes for silence in silences(route)]

    assert found == []
    files = list((ROOT / "services" / service / "routes").glob("[a-z]*.py"))
    assert len(routes) >= len(files) > 0


@pytest.mark.parametrize("service", service_names())
def test_every_file_of_routes_is_served(service: str) -> None:
    served = {
        getattr(route.endpoint, "__module__", "") for route in guarded_routes(application(service))
    }
    folder = ROOT / "services" / service / "routes"

    for path in folder.glob("[a-z]*.py"):
        assert f"services.{service}.routes.{path.stem}" in served


def test_a_planted_silence_is_found() -> None:
    app = FastAPI()
    purpose = Depends(acting("read_leaf", Purpose.REFERRAL))

    @app.get("/open", responses=problems(NotVisible))
    async def read_open() -> None:
        """Anybody may."""

    @app.get("/mute", dependencies=[purpose])
    async def read_mute() -> None:
        """Says nothing of refusals."""

    app.add_route("/plain", lambda _: Response())

    silent = {route.path: list(silences(route)) for route in guarded_routes(app)}

    assert "states no actor and purpose, or more than one" in silent["/open"]
    assert silent["/plain"] == ["is no route of FastAPI, so nothing can be stated"]
    assert silent["/mute"] == ["does not declare the problems ['401', '404', '503']"]
