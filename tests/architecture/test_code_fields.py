"""Every code in a body is from a closed list, so that nobody can send a word without a label."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.contracts.openapi import application
from shared.events.codes.lists import choices
from shared.http.codes import LISTED
from tests.architecture.rules import service_names

CODED = ("_code", "_codes", ".needs", ".supplies", ".offences")


def fields_of_bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property of every schema that a request body reaches."""
    schemas = document["components"]["schemas"]
    waiting = [
        content["schema"]
        for path in document["paths"].values()
        for operation in path.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop().get("$ref", "").rpartition("/")[2]
        if not name or name in seen:
            continue
        seen.add(name)
        for field, schema in schemas[name].get("properties", {}).items():
            yield f"{name}.{field}", schema
            waiting.append(schema.get("items", schema))


def is_closed(schema: dict[str, Any]) -> bool:
    """Return whether only known words fit."""
    if "anyOf" in schema:
        return all(is_closed(each) for each in schema["anyOf"] if each.get("type") != "null")
    schema = schema.get("propertyNames", schema.get("items", schema))
    return "enum" in schema or "const" in schema or "$ref" in schema


@pytest.mark.parametrize("service", service_names())
def test_every_code_that_a_body_takes_is_from_a_closed_list(service: str) -> None:
    fields = dict(fields_of_bodies(application(service).openapi()))

    coded = {name: schema for name, schema in fields.items() if name.endswith(CODED)}

    assert coded or service == "notify"
    assert [name for name, schema in coded.items() if not is_closed(schema)] == []


def test_an_open_field_is_noticed() -> None:
    assert not is_closed({"type": "string"})
    assert not is_closed({"anyOf": [{"type": "string"}, {"type": "null"}]})
    assert not is_closed({"type": "array", "items": {"type": "string"}})
    assert is_closed({"anyOf": [{"type": "string", "enum": ["x"]}, {"type": "null"}]})


def test_what_only_the_program_sets_cannot_be_chosen() -> None:
    assert "merged" not in choices("closing_reasons")
    assert "completed" in choices("closing_reasons")
    fields = dict(fields_of_bodies(application("casework").openapi()))
    shown = fields["ClosureBody.reason_code"]
    assert (shown[LISTED], tuple(shown["enum"])) == (
        "closing_reasons",
        choices("closing_reasons"),
    )
