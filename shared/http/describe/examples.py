"""An example of any body, read off its JSON schema: what a field states, or what its type allows.

Nothing is thrown by dice, so the same schema always gives the same example.
"""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

Schema = Mapping[str, Any]

REFERENCE = "#/components/schemas/"
BY_FORMAT = {"date-time": "2026-03-02T17:30:00Z", "date": "2026-03-02", "time": "09:00:00"}
IDS = frozenset({"uuid", "uuid7"})
BY_TYPE = {"boolean": True, "integer": 1, "number": 1.0}


class NoExampleError(LookupError):
    """A field whose schema gives no example and allows none to be made; the text names it."""


def example_of(schema: Schema, schemas: Mapping[str, Schema], *, name: str = "body") -> Any:  # noqa: ANN401 - any JSON
    """Return an example of *schema*; *schemas* are those it refers to, *name* is the field's.

    Raises:
        NoExampleError: a text without an example, a choice or a known format.
    """
    for stated in ("const", "example"):
        if stated in schema:
            return schema[stated]
    for choices in ("examples", "enum"):
        if schema.get(choices):
            return schema[choices][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].removeprefix(REFERENCE)], schemas, name=name)
    if "anyOf" in schema:
        chosen = next(each for each in schema["anyOf"] if each.get("type") != "null")
        return example_of(chosen, schemas, name=name)
    return _of_type(schema, schemas, name=name)


def _of_type(schema: Schema, schemas: Mapping[str, Schema], *, name: str) -> Any:  # noqa: ANN401 - any JSON
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, name=name)
        case "array":
            return [example_of(schema["items"], schemas, name=name)]
        case "string" if schema.get("format") in IDS:
            return _id(name)
        case "string" if schema.get("format") in BY_FORMAT:
            return BY_FORMAT[schema["format"]]
        case "integer" | "number" if "minimum" in schema:
            return max(schema["minimum"], 1)
        case str(kind) if kind in BY_TYPE:
            return BY_TYPE[kind]
    raise NoExampleError(f"{name} has no example")


def _object(schema: Schema, schemas: Mapping[str, Schema], *, name: str) -> dict[str, Any]:
    where = schema.get("title", name)
    if "properties" not in schema and isinstance(schema.get("additionalProperties"), Mapping):
        raise NoExampleError(f"{where} is a table without an example")
    return {
        each: example_of(part, schemas, name=f"{where}.{each}")
        for each, part in schema.get("properties", {}).items()
    }


def _id(name: str) -> str:
    """Return a UUID (version 7) that is the same for fields of one name, and for no others."""
    field = name.rpartition(".")[2]
    return f"0190a5d0-{crc32(field.encode()) & 0xFFFF:04x}-7000-8000-000000000000"
