"""The AsyncAPI document of every event: who tells it, what it means, who hears it.

All of it is read off the event classes, the services' subscriptions and the examples that are kept
of every event ever shipped.
"""

import inspect
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deploy.nats_permissions import SERVICES
from shared.events.base import CATALOGUE, Event
from shared.messaging.cloudevents import to_document, to_message
from shared.messaging.schemas import data_schema, header_schema
from shared.messaging.streams import stream_name
from shared.messaging.subscriptions import Subscription

Document = dict[str, Any]

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "tests" / "contracts"
ABOUT = """\
Every event is a CloudEvent 1.0 in the binary mode of the NATS protocol binding: its attributes are
headers, its data is the JSON body. Events carry opaque ids and codes, never who a person is.

A service tells an event in the transaction that makes it true, keeps it in a journal without gaps,
and publishes it to the JetStream stream of its name. An event may come more than once and in any
order: know repetitions by `ce-id`. The broker may lose what it held; `GET /journal?after=N` of the
service that tells has everything, in order. Unknown fields and unknown events are to be ignored.
"""


def document() -> Document:
    """Return the AsyncAPI 3 document of all events."""
    subjects = sorted(CATALOGUE)
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Handoff events",
            "version": version("handoff"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "embedded": {
                "host": "127.0.0.1:8122",
                "protocol": "nats",
                "description": "NATS with JetStream as `handoff up` starts it.",
                "security": [{"$ref": "#/components/securitySchemes/user"}],
            }
        },
        "channels": {_key(each): _channel(CATALOGUE[each]) for each in subjects},
        "operations": dict(_operations(subjects)),
        "components": {
            "messages": {_key(each): _message(CATALOGUE[each]) for each in subjects},
            "securitySchemes": {
                "user": {
                    "type": "userPassword",
                    "description": "Each user may subscribe to what it needs and nothing else.",
                }
            },
        },
    }


def _key(subject: str) -> str:
    """Return a subject as a name: `referral_created_v1`."""
    return "_".join(subject.split(".")[1:])


def _channel(kind: type[Event]) -> Document:
    key = _key(kind.subject)
    return {
        "address": kind.subject,
        "title": kind.__name__,
        "summary": _meaning(kind)[0],
        "messages": {key: {"$ref": f"#/components/messages/{key}"}},
        "x-handoff-owner": kind.owner,
        "x-handoff-stream": stream_name(kind.owner),
        "x-handoff-consumers": [each.durable for each in _hearing(kind)],
    }


def _message(kind: type[Event]) -> Document:
    summary, description = _meaning(kind)
    consumers = ", ".join(each.durable for each in _hearing(kind)) or "nobody yet"
    told = f"Told by {kind.owner}; heard by {consumers}."
    return {
        "name": kind.subject,
        "title": kind.__name__,
        "summary": summary,
        "description": "\n\n".join(part for part in (description, told) if part),
        "contentType": "application/json",
        "headers": header_schema(kind),
        "payload": data_schema(kind),
        "examples": [_example(kind)],
    }


def _example(kind: type[Event]) -> Document:
    """Return the newest kept example as it travels."""
    newest = json.loads((EXAMPLES / f"{kind.subject}.json").read_text("utf-8"))[-1]
    event = kind.model_validate(newest)
    headers, body = to_message(to_document(event), position=1)
    return {"name": kind.__name__, "headers": headers, "payload": json.loads(body)}


def _operations(subjects: list[str]) -> Iterator[tuple[str, Document]]:
    for subject in subjects:
        kind = CATALOGUE[subject]
        yield _operation(f"tell_{_key(subject)}", "send", kind, by=kind.owner)
        for each in _hearing(kind):
            name = f"{each.durable.replace('-', '_')}_hears_{_key(subject)}"
            yield _operation(name, "receive", kind, by=each.durable)


def _operation(name: str, action: str, kind: type[Event], *, by: str) -> tuple[str, Document]:
    key = _key(kind.subject)
    verb = "tells" if action == "send" else "hears"
    return name, {
        "action": action,
        "title": f"{by} {verb} {kind.__name__}",
        "channel": {"$ref": f"#/channels/{key}"},
        "messages": [{"$ref": f"#/channels/{key}/messages/{key}"}],
        "tags": [{"name": by}],
    }


def _hearing(kind: type[Event]) -> list[Subscription]:
    return [each for service in SERVICES for each in service.all if kind in each.events]


def _meaning(kind: type[Event]) -> tuple[str, str]:
    """Return the first line of a class's docstring, and the rest."""
    first, _, rest = inspect.cleandoc(kind.__doc__ or "").partition("\n")
    return first, rest.strip()
