"""JSON Schemas of events: the data, the headers of a message, and the whole as a journal has it."""

from typing import Any

from shared.events.base import ENVELOPE, Event
from shared.messaging.cloudevents import ATTRIBUTES

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FIXED = ("specversion", "type", "source", "datacontenttype")
OPTIONAL = frozenset({"traceparent", "request_id"})
MEANINGS = {
    "id": "The event's own id (UUID version 7): a repetition is known by it.",
    "time": "When it happened, by the programme's clock.",
    "programmeid": "Whose it is.",
    "aggregateid": "The thing it happened to: a referral, a handoff, an episode.",
    "aggregateversion": "1 for the first event of that thing, and one more for each after it.",
    "traceparent": "The W3C trace in which it was told.",
    "requestid": "The request in which it was told, as services log it.",
}


def data_schema(kind: type[Event]) -> Schema:
    """Return the schema of what travels as the body of a message."""
    whole = kind.model_json_schema()
    properties = {name: each for name, each in whole["properties"].items() if name not in ENVELOPE}
    required = [name for name in whole.get("required", ()) if name in properties]
    found = {"type": "object", "title": kind.__name__, "properties": properties}
    if required:
        found["required"] = required
    if "$defs" in whole:
        found["$defs"] = whole["$defs"]
    return found


def header_schema(kind: type[Event]) -> Schema:
    """Return the schema of a message's headers."""
    headers = {f"ce-{name}": schema for name, schema in _attributes(kind).items()}
    headers["Content-Type"] = headers.pop("ce-datacontenttype")
    headers["ce-journalposition"] = {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "Its place in the journal of the service that tells it.",
    }
    headers["Nats-Msg-Id"] = {"type": "string", "format": "uuid", "description": "As `ce-id`."}
    optional = {f"ce-{name}" for name, field in ATTRIBUTES.items() if field in OPTIONAL}
    return {
        "type": "object",
        "properties": headers,
        "required": [name for name in headers if name not in optional],
    }


def event_schema(kind: type[Event]) -> Schema:
    """Return the schema of a whole event, as journals and `handoff events show` have it."""
    attributes = _attributes(kind)
    attributes["aggregateversion"] |= {"type": "integer", "minimum": 1}
    del attributes["aggregateversion"]["pattern"]
    data = data_schema(kind)
    definitions = {"$defs": data.pop("$defs")} if "$defs" in data else {}
    optional = {name for name, field in ATTRIBUTES.items() if field in OPTIONAL}
    return {
        "$schema": DIALECT,
        "$id": f"urn:handoff:{kind.subject}",
        "title": kind.__name__,
        "description": kind.__doc__,
        "type": "object",
        "properties": {**attributes, "data": data},
        "required": [*(name for name in attributes if name not in optional), "data"],
        **definitions,
    }


def _attributes(kind: type[Event]) -> dict[str, Schema]:
    """Return the schema of each CloudEvents attribute, as the text of a header."""
    fixed = {
        "specversion": "1.0",
        "type": kind.subject,
        "source": f"/handoff/{kind.owner}",
        "datacontenttype": "application/json",
    }
    forms: dict[str, Schema] = {
        "id": {"format": "uuid"},
        "time": {"format": "date-time"},
        "aggregateid": {"format": "uuid"},
        "aggregateversion": {"pattern": "^[1-9][0-9]*$"},
    }
    found: dict[str, Schema] = {
        name: {"type": "string", "const": value} for name, value in fixed.items()
    }
    for name in ATTRIBUTES:
        found[name] = {"type": "string", **forms.get(name, {}), "description": MEANINGS[name]}
    return found
