"""Every route of every service says who may act, why, and how it refuses."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from fastapi import Depends, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from shared.http.access import Acting, acting
from shared.http.problems import MEDIA_TYPE, NotVisible, problems
from shared.policy.actor import Purpose
from shared.settings import ServiceSettings
from tests.architecture.rules import ROOT, service_names

FOR_MACHINES = frozenset({"/health", "/ready", "/metrics"})  # no token: they tell no case data
DESCRIPTIONS = frozenset({"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"})
MUST_DECLARE = frozenset({"401", "404", "503"})
MADE_UP = {
    "database_url": "postgresql+asyncpg://nobody:made-up@127.0.0.1/handoff",
    "nats_url": "nats://nobody:made-up@127.0.0.1",
    "oidc_issuer": "http://127.0.0.1",
    "client_secret": "made-up",
    "hash_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "key_encryption_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


def app_of(service: str) -> FastAPI:
    settings: type[ServiceSettings] = import_module(f"services.{service}.settings").Settings
    values = {name: value for name, value in MADE_UP.items() if name in settings.model_fields}
    app: FastAPI = import_module(f"services.{service}.app").make_app(
        settings.model_validate(values)
    )
    return app


def guarded_routes(app: FastAPI) -> list[RouteContext]:
    """Return every route, those of included routers as well, that may tell something."""
    return [
        route
        for route in iter_route_contexts(app.routes)
        if route.path not in FOR_MACHINES | DESCRIPTIONS
    ]


def stated(dependant: Dependant) -> Iterator[Acting]:
    """Find what the route states about actor and purpose, however deep."""
    for each in dependant.dependencies:
        if isinstance(each.call, Acting):
            yield each.call
        yield from stated(each)


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
    routes = guarded_routes(app_of(service))

    found = [f"{route.path}: {silence}" for route in routes for silence in silences(route)]

    assert found == []
    files = list((ROOT / "services" / service / "routes").glob("[a-z]*.py"))
    assert len(routes) >= len(files) > 0


@pytest.mark.parametrize("service", service_names())
def test_every_file_of_routes_is_served(service: str) -> None:
    served = {
        getattr(route.endpoint, "__module__", "") for route in guarded_routes(app_of(service))
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
