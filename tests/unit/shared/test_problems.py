import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.http import middleware, problems
from shared.http.describe import document
from shared.http.problems import Conflict, InvalidInput, NotVisible, Unavailable

CANARY = "Zzyzx Birchcanary"


class Taken(Conflict):
    type = "/problems/taken"
    title = "Somebody else has it"


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    born: date
    kind: Literal["adult", "minor"] = "adult"
    name: str = Field("Test Participant Birch", max_length=30, examples=["Test Participant Elm"])


class LostRaceError(Exception):
    sqlstate = "40001"


ERRORS: dict[str, Exception] = {
    "taken": Taken("Peer Willow has it.", by="peer"),
    "gone": NotVisible(),
    "bug": ValueError(CANARY),
    "refused": ConnectionRefusedError(CANARY),
    "database": OperationalError(CANARY, None, Exception(CANARY)),
    "busy": DBAPIError(CANARY, None, LostRaceError(CANARY)),
}


def an_app() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    middleware.install(app)

    @app.post("/people", responses=problems.problems(InvalidInput, Taken, Unavailable))
    async def post_person(person: Person, page: Annotated[int, Query(ge=1)] = 1) -> int:
        return len(person.name) + page

    @app.get("/errors/{name}", responses=problems.problems(NotVisible, InvalidInput))
    async def get_error(name: str) -> None:
        raise ERRORS[name]

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(an_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_problem_is_rfc_9457_json(client: httpx.AsyncClient) -> None:
    answer = await client.get("/errors/taken")

    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/taken",
        "title": "Somebody else has it",
        "status": 409,
        "detail": "Peer Willow has it.",
        "by": "peer",
    }


async def test_a_missing_route_and_a_missing_record_answer_the_same_bytes(
    client: httpx.AsyncClient,
) -> None:
    record, route = await client.get("/errors/gone"), await client.get("/nowhere")

    assert (record.status_code, record.content) == (404, route.content)


async def test_a_crash_says_nothing_but_the_request_id(client: httpx.AsyncClient) -> None:
    answer = await client.get("/errors/bug", headers={"X-Request-Id": "made-up-1"})

    assert answer.status_code == 500
    assert answer.json()["request_id"] == "made-up-1" == answer.headers["X-Request-Id"]
    assert "Birchcanary" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", ["refused", "database", "busy"])
async def test_a_database_that_cannot_answer_is_a_503_that_says_when_to_retry(
    name: str, client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"/errors/{name}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["type"] == "/problems/unavailable"
    assert "Birchcanary" not in answer.text


async def test_a_wrong_method_keeps_the_header_that_says_which_are_right(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/people")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "where", "fix"),
    [
        ({}, "body.born", "Add it."),
        ({"born": CANARY}, "body.born", "Give a date such as 2026-01-31."),
        ({"born": "1990-01-31", "kind": CANARY}, "body.kind", "Use one of: 'adult' or 'minor'."),
        ({"born": "1990-01-31", "name": CANARY * 2}, "body.name", "Give at most 30 character(s)."),
        (
            {"born": "1990-01-31", "nmae": CANARY},
            "body.nmae",
            "Leave it out, or check its spelling against the API description.",
        ),
        (
            {"born": "1990-01-31", CANARY: 1},
            "body.(unknown)",
            "Leave it out, or check its spelling against the API description.",
        ),
    ],
)
async def test_a_wrong_field_is_told_where_and_how_to_mend_it_without_an_echo(
    body: dict[str, Any], where: str, fix: str, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/people", json=body)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert (error["where"], error["fix"]) == (where, fix)
    assert set(error) == {"where", "what", "fix"}
    assert "Birchcanary" not in answer.text


async def test_broken_json_is_told_as_such(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/people", content=b'{"born": ', headers={"Content-Type": "application/json"}
    )

    (error,) = answer.json()["errors"]
    assert (error["where"], error["what"]) == ("body", "The body is not valid JSON.")


def test_the_api_description_shows_each_problem_with_an_example() -> None:
    app = an_app()
    document.install(app)
    described = app.openapi()

    responses = described["paths"]["/people"]["post"]["responses"]
    assert set(responses) == {"200", "409", "422", "503"}
    media = responses["409"]["content"]["application/problem+json"]
    assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert media["examples"]["taken"]["value"]["type"] == "/problems/taken"
    assert "Retry-After" in responses["503"]["headers"]
    assert described["components"]["schemas"]["Problem"]["required"] == ["type", "title", "status"]
    assert "HTTPValidationError" not in json.dumps(described)


def test_problems_with_one_status_share_its_entry() -> None:
    described = problems.problems(Conflict, Taken)

    examples = described[409]["content"]["application/problem+json"]["examples"]
    assert set(examples) == {"conflict", "taken"}
