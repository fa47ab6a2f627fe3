"""The harness notices what it is there for: each defect, planted in a small application."""

import asyncio

import httpx
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.security import HTTPBearer

from tests.fuzz.harness import Found, Fuzzing, Target, operations

BEARER = Depends(HTTPBearer(auto_error=False))


def planted() -> FastAPI:
    app = FastAPI()

    @app.get("/fine")
    async def fine() -> str:
        return "as documented"

    @app.get("/crash/{number}")
    async def crash(number: int) -> int:
        return 1 // (number - number)

    @app.get("/teapot")
    async def teapot() -> str:
        raise HTTPException(418)

    @app.get("/drift", response_model=int)
    async def drift() -> Response:
        return Response('"a text"', media_type="application/json")

    @app.get("/open", dependencies=[BEARER])
    async def open_to_all() -> str:
        return "to anybody"

    return app


async def no_token(_: str) -> str:
    return "made-up"


def fuzz(app: FastAPI) -> Found:
    with asyncio.Runner() as runner:
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://planted.example.org"
        )
        target = Target(app, http, no_token, ["peer-willow"])
        found = Fuzzing(target, runner, seeded=1).run(operations(app), each=8)
        runner.run(http.aclose())
    return found


def test_a_crash_an_unknown_status_a_drift_and_an_open_route_are_each_found() -> None:
    assert set(fuzz(planted()).wrong) == {
        ("GET /crash/{number}", "ServerError"),
        ("GET /teapot", "UndefinedStatusCode"),
        ("GET /drift", "JsonSchemaError"),
        ("GET /open", "authentication ignored"),
    }
