"""Each service's OpenAPI document is valid, whole, and says what the service does."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter

from deploy.contracts.openapi import application
from shared.http.describe.examples import NoExampleError, example_of
from tests.architecture.rules import service_names
from tests.architecture.test_routes import FOR_MACHINES, guarded_routes

Document = dict[str, Any]

JSON = "application/json"
SUMMARY_AT_MOST = 90

each_service_named = pytest.mark.parametrize("service", service_names())


@cache
def described(service: str) -> Document:
    return application(service).openapi()


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def contents(operation: Document) -> Iterator[Document]:
    yield operation.get("requestBody", {}).get("content", {})
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield response.get("content", {})


def gaps(document: Document) -> Iterator[str]:
    """Say what the document leaves unsaid, or says wrongly."""
    for path, method, operation in operations(document):
        for gap in (*in_words(path, operation), *in_examples(document, operation)):
            yield f"{method} {path} {gap}"


def in_words(path: str, operation: Document) -> Iterator[str]:
    if not 0 < len(operation.get("summary", "")) <= SUMMARY_AT_MOST:
        yield "has no summary of one line"
    if path not in FOR_MACHINES:
        for needed in ("x-handoff-actions", "x-handoff-purposes", "x-handoff-rules"):
            if not operation.get(needed):
                yield f"has no {needed}"
        if not any(status.startswith("4") for status in operation["responses"]):
            yield "names no problem"
    for parameter in operation.get("parameters", ()):
        if not parameter.get("description"):
            yield f"says nothing of {parameter['name']}"


def in_examples(document: Document, operation: Document) -> Iterator[str]:
    for content in contents(operation):
        for kind, each in content.items():
            if kind != JSON:
                continue
            if "example" not in each:
                yield "has a body without an example"
            elif list(mistakes(document, each["schema"], each["example"])):
                yield "has an example that its schema refuses"


def mistakes(document: Document, schema: Document, example: Any) -> Iterator[str]:
    whole = {**schema, "components": document["components"]}
    for error in OAS31Validator(whole).iter_errors(example):
        yield error.message


@each_service_named
def test_the_document_is_valid_by_the_standard(service: str) -> None:
    assert described(service)["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(described(service)).iter_errors()) == []


@each_service_named
def test_every_operation_has_summary_example_problems_and_roles(service: str) -> None:
    found = list(gaps(described(service)))

    assert found == []
    assert len(list(operations(described(service)))) > len(FOR_MACHINES)


@each_service_named
def test_every_example_of_a_request_is_taken_by_the_route_itself(service: str) -> None:
    app = application(service)
    taken = [sent(route, described(service)) for route in guarded_routes(app) if body_of(route)]

    assert all(taken)
    assert taken


def body_of(route: RouteContext) -> Any:
    original = route.original_route
    return original.body_field if isinstance(original, APIRoute) else None


def sent(route: RouteContext, document: Document) -> object:
    """Return the route's example as the route reads it; raises if it does not take it."""
    method = min(route.methods or ()).lower()
    example = document["paths"][route.path][method]["requestBody"]["content"][JSON]["example"]
    kind = body_of(route).field_info.annotation
    return TypeAdapter(kind).validate_json(TypeAdapter(Any).dump_json(example))


@each_service_named
def test_planted_gaps_are_found(service: str) -> None:
    planted = deepcopy(described(service))
    _, _, operation = next(each for each in operations(planted) if "requestBody" in each[2])
    operation["summary"] = ""
    operation["x-handoff-rules"] = []
    operation["parameters"][0].pop("description")
    operation["requestBody"]["content"][JSON]["example"] = {"planted": True}

    found = " | ".join(gaps(planted))

    assert "has no summary of one line" in found
    assert "has no x-handoff-rules" in found
    assert "says nothing of" in found
    assert "has an example that its schema refuses" in found


def test_the_standard_refuses_a_planted_mistake() -> None:
    planted = deepcopy(described("referral"))
    planted["paths"]["/health"]["get"]["responses"] = {"done": {}}

    assert list(OpenAPIV31SpecValidator(planted).iter_errors())


def test_a_field_of_which_no_example_can_be_made_is_named() -> None:
    leaf = {"type": "object", "title": "Leaf", "properties": {"colour": {"type": "string"}}}

    with pytest.raises(NoExampleError, match=r"Leaf\.colour has no example"):
        example_of(leaf, {})


async def test_a_service_gives_the_same_document_each_time() -> None:
    app: FastAPI = application("notify")

    assert app.openapi() == app.openapi() == described("notify")
