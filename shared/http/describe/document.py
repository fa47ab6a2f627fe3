"""The OpenAPI document of a service, made whole: what FastAPI cannot know is added here.

Every operation gets a one-line summary, an example of what is sent and answered, the purposes it
serves, and whom the policies let do it, in the policies' own sentences. All of that is read off
the code, so the document cannot say anything else than what the service does.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from shared.http import problems
from shared.http.access import Acting
from shared.http.describe.examples import example_of
from shared.policy.actor import Function
from shared.policy.explain import rules_for

Document = dict[str, Any]

JSON = "application/json"
EVENT_STREAM = "text/event-stream"
PURPOSE_HEADER, PROGRAMME_HEADER = "Handoff-Purpose", "Handoff-Programme"
HEADERS = {name.lower(): name for name in (PURPOSE_HEADER, PROGRAMME_HEADER, "Last-Event-ID")}
DONE = {
    "200": "What was asked for",
    "201": "Kept",
    "202": "Taken: it happens within a second or so",
    "204": "Done; there is nothing more to say",
}
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def stated(dependant: Dependant) -> Iterator[Acting]:
    """Find what a route states about actor and purpose, however deep."""
    for each in dependant.dependencies:
        if isinstance(each.call, Acting):
            yield each.call
        yield from stated(each)


def install(app: FastAPI) -> None:
    """Have *app* give its document whole."""
    describe = app.openapi

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _whole(app, describe())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _whole(app: FastAPI, document: Document) -> Document:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = problems.SCHEMA
    document["info"]["license"] = LICENCE
    for schema in schemas.values():
        _untitle(schema)
    tags: dict[str, str] = {}
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            operation = document["paths"].get(route.path, {}).get(method.lower())
            if operation is not None:
                _complete(operation, route, schemas)
                for tag in operation.get("tags", ()):
                    tags.setdefault(tag, _about(route))
    document["tags"] = [{"name": name, "description": text} for name, text in tags.items()]
    return document


def _untitle(schema: Document) -> None:
    """Drop the titles that Pydantic makes of field names: they say nothing more."""
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
        _untitle(field)


def _about(route: RouteContext) -> str:
    """Return the first sentence of the module in which the route is."""
    module = import_module(route.endpoint.__module__)
    return f"{_sentences(module.__doc__ or '')[0]}."


def _complete(operation: Document, route: RouteContext, schemas: Mapping[str, Any]) -> None:
    operation["operationId"] = route.name
    operation["summary"], description = _sentences(operation.get("description", ""))
    acting = next(stated(route.dependant), None)
    operation["description"] = "\n\n".join(part for part in (description, _who(acting)) if part)
    if acting is None:
        operation["security"] = []
    else:
        _say_who(operation, acting)
    if "parameters" in operation:
        operation["parameters"] = list(_parameters(operation, acting))
    for status, response in operation["responses"].items():
        response["description"] = DONE.get(status, response["description"])
    for content in _contents(operation):
        _add_example(content, schemas)


def _sentences(description: str) -> tuple[str, str]:
    """Return the first sentence of a docstring without its full stop, and the rest."""
    first, _, rest = " ".join(description.split()).partition(". ")
    return first.removesuffix("."), rest


def _who(acting: Acting | None) -> str:
    if acting is None:
        return "For machines; needs no token."
    said = "\n".join(f"- {rule.says}" for rule in rules_for(*acting.actions))
    return f"**Who may:**\n\n{said}"


def _say_who(operation: Document, acting: Acting) -> None:
    rules = rules_for(*acting.actions)
    operation["x-handoff-actions"] = list(acting.actions)
    operation["x-handoff-purposes"] = [each.value for each in acting.purposes]
    operation["x-handoff-rules"] = [rule.id for rule in rules]
    operation["x-handoff-functions"] = sorted({each for rule in rules for each in rule.functions})
    operation["x-handoff-roles"] = sorted({each for rule in rules for each in rule.roles})


def _parameters(operation: Document, acting: Acting | None) -> Iterator[Document]:
    """Return the parameters as they can be sent: nothing is ever sent as null."""
    for parameter in operation.get("parameters", ()):
        name = parameter["name"] = HEADERS.get(parameter["name"], parameter["name"])
        if name == PURPOSE_HEADER and acting is not None:
            purposes = [each.value for each in acting.purposes]
            parameter["schema"] = {"type": "string", "enum": purposes, "default": purposes[0]}
        elif name == PROGRAMME_HEADER and not _serves_services(acting):
            continue
        parameter["schema"] = _not_null(parameter["schema"])
        parameter.setdefault("description", _of_id(parameter))
        yield parameter


def _serves_services(acting: Acting | None) -> bool:
    rules = rules_for(*acting.actions) if acting else ()
    return any(Function.SERVICE in rule.functions for rule in rules)


def _not_null(schema: Document) -> Document:
    match schema:
        case {"anyOf": [kind, {"type": "null"}]}:
            schema = kind
    return {name: value for name, value in schema.items() if name != "title"}


def _of_id(parameter: Document) -> str:
    noun = parameter["name"].removesuffix("_id").replace("_", " ")
    if parameter["schema"].get("format") == "uuid7":
        return f"The {noun}'s id: yours to make, so that a repetition is known as one."
    return f"The {noun}'s id."


def _contents(operation: Document) -> Iterator[Document]:
    """Return what is sent and what is answered on success, by media type."""
    yield operation.get("requestBody", {}).get("content", {})
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield response.get("content", {})


def _add_example(content: Document, schemas: Mapping[str, Any]) -> None:
    if JSON in content and content[JSON].get("schema"):
        content[JSON]["example"] = example_of(content[JSON]["schema"], schemas)
    if "itemSchema" in content.get(EVENT_STREAM, {}):  # a keyword of OpenAPI 3.2
        del content[EVENT_STREAM]["itemSchema"]
        content[EVENT_STREAM]["schema"] = {"type": "string"}
