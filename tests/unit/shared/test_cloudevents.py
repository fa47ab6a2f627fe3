from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.base import CATALOGUE
from shared.messaging.cloudevents import (
    UnreadableEventError,
    from_document,
    from_message,
    to_document,
    to_message,
)
from tests.builders import a_handoff_accepted, a_referral_created, a_story


def test_an_event_survives_the_journal_and_the_wire() -> None:
    for event in a_story(request_id="req-1", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01"):
        document = to_document(event)
        headers, body = to_message(document, position=7)

        assert from_document(document) == event
        assert from_document(from_message(headers, body)) == event


def test_a_message_is_a_cloudevent_in_binary_mode() -> None:
    event = a_referral_created()

    headers, body = to_message(to_document(event), position=7)

    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "deflection.referral.created.v1"
    assert headers["ce-source"] == "/handoff/referral"
    assert headers["ce-journalposition"] == "7"
    assert headers["Content-Type"] == "application/json"
    assert headers["Nats-Msg-Id"] == str(event.event_id)
    assert b"programme" not in body, "the envelope travels in the headers"


def test_a_subject_that_this_version_does_not_know_is_nobodys_error() -> None:
    document = to_document(a_referral_created()) | {"type": "deflection.referral.renamed.v9"}

    assert from_document(document) is None


def test_a_field_added_by_a_newer_publisher_is_ignored() -> None:
    event = a_referral_created()
    document = to_document(event)
    document["data"]["added_later"] = "x"

    assert from_document(document) == event


@pytest.mark.parametrize("missing", ["programmeid", "aggregateversion", "time"])
def test_an_event_without_its_envelope_is_unreadable_and_says_what_is_wrong(missing: str) -> None:
    document = to_document(a_handoff_accepted())
    del document[missing]

    with pytest.raises(UnreadableEventError, match="HandoffAccepted cannot be read"):
        from_document(document)


@given(
    headers=st.none() | st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=4),
    body=st.binary(max_size=50),
)
def test_whatever_arrives_is_read_or_refused_never_a_crash(
    headers: dict[str, str] | None, body: bytes
) -> None:
    with pytest.raises(UnreadableEventError):
        from_message(headers, body)


@given(
    kind=st.sampled_from(sorted(CATALOGUE)),
    data=st.none() | st.lists(st.integers()) | st.dictionaries(st.text(), st.integers()),
)
def test_whatever_a_document_holds_it_is_read_or_refused(kind: str, data: Any) -> None:
    document = {"specversion": "1.0", "type": kind, "id": str(uuid4()), "data": data}

    with pytest.raises(UnreadableEventError):
        from_document(document)
