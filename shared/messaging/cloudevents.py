"""Events as CloudEvents 1.0: one structured document in the journal, binary mode on NATS.

Binary mode (CloudEvents NATS protocol binding, section 3.1): attributes are `ce-` headers, the
message body is the JSON data. Extension attributes have lower-case names without separators.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from shared.events.base import CATALOGUE, ENVELOPE, Event
from shared.messaging.errors import PermanentError

Document = dict[str, Any]

# CloudEvents attribute -> field of our envelope
ATTRIBUTES = {
    "id": "event_id",
    "time": "occurred_at",
    "programmeid": "programme_id",
    "aggregateid": "aggregate_id",
    "aggregateversion": "aggregate_version",
    "traceparent": "traceparent",
    "requestid": "request_id",
}


class UnreadableEventError(PermanentError):
    """A message that is not one of our events, or not as its class says."""


def to_document(event: Event) -> Document:
    """Return *event* as a structured CloudEvent."""
    fields = event.model_dump(mode="json")
    envelope = {name: fields[key] for name, key in ATTRIBUTES.items() if fields[key] is not None}
    return {
        "specversion": "1.0",
        "type": event.subject,
        "source": f"/handoff/{event.owner}",
        "datacontenttype": "application/json",
        **envelope,
        "data": {name: value for name, value in fields.items() if name not in ENVELOPE},
    }


def from_document(document: Mapping[str, Any]) -> Event | None:
    """Return the event in *document*, or None if this version of the code does not know it.

    Raises:
        UnreadableEventError: the document is not what the event's class says.
    """
    kind = CATALOGUE.get(str(document.get("type")))
    if kind is None:
        return None
    envelope = {key: document[name] for name, key in ATTRIBUTES.items() if name in document}
    data = document.get("data")
    if not isinstance(data, Mapping):
        raise UnreadableEventError("the data of an event must be a JSON object")
    try:
        return kind.model_validate({**data, **envelope})
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) for each in error.errors()})
        raise UnreadableEventError(f"{kind.__name__} cannot be read: {', '.join(wrong)}") from None


def to_message(document: Document, *, position: int) -> tuple[dict[str, str], bytes]:
    """Return headers and body of the NATS message for a journalled *document*."""
    headers = {f"ce-{name}": str(value) for name, value in document.items() if name != "data"}
    headers["ce-journalposition"] = str(position)
    headers["Content-Type"] = headers.pop("ce-datacontenttype")
    headers["Nats-Msg-Id"] = str(document["id"])
    return headers, orjson.dumps(document["data"])


def from_message(headers: Mapping[str, str] | None, body: bytes) -> Document:
    """Return the structured document of a NATS message.

    Raises:
        UnreadableEventError: it is no CloudEvent in binary mode with a JSON body.
    """
    found = {key.lower(): value for key, value in (headers or {}).items()}
    document: Document = {
        key.removeprefix("ce-"): value for key, value in found.items() if key.startswith("ce-")
    }
    if document.get("specversion") != "1.0" or "type" not in document or "id" not in document:
        raise UnreadableEventError("the message is no CloudEvent 1.0 in binary mode")
    try:
        document["data"] = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnreadableEventError("the body of the message is not JSON") from None
    return document
