"""What a user of the running stack meets: the commands, the traces, two halves of a service."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.servers import free_port
from tests.system.running_stack import HANDOFF, RunningStack, running_stack
from tests.system.until import until_sync

TRACE = "0af7651916cd43dd8448eb211c80319c"
CANARY = "Testparticipant-Canary-Oleander"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("story")) as running:
        yield running


def put_referral(stack: RunningStack, *, base: str | None = None, **headers: str) -> str:
    referral_id = str(uuid7())
    answer = httpx.put(
        f"{base or stack.url('referral')}/referrals/{referral_id}",
        json={
            "pathway": "naloxone_plus",
            "need": "both",
            "person": {"name": CANARY, "phone": "555-0199"},
            "note": f"{CANARY} likes tea",
        },
        headers={"Authorization": f"Bearer {stack.token('officer-hemlock')}", **headers},
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return referral_id


def read(stack: RunningStack, service: str, path: str, *, as_: str = "manager-fern") -> Any:
    answer = httpx.get(
        f"{stack.url(service)}{path}", headers={"Authorization": f"Bearer {stack.token(as_)}"}
    )
    return answer.json() if answer.status_code == httpx.codes.OK else None


def received(stack: RunningStack, referral_id: str) -> Any:
    """Return the intake once its identity has arrived."""

    def ready() -> Any:
        intake = read(stack, "casework", f"/intakes/{referral_id}")
        return intake if intake and intake["state"] == "ready" else None

    return until_sync(ready, what="the intake")


def handoff(stack: RunningStack, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*HANDOFF, *words, "--data", str(stack.data)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )


def logged(stack: RunningStack, service: str) -> list[dict[str, Any]]:
    lines = (stack.data / "logs" / f"{service}.log").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_a_referral_becomes_an_intake_a_timeline_and_a_notice(stack: RunningStack) -> None:
    referral_id = put_referral(stack)

    intake = received(stack, referral_id)

    assert intake["identity"]["person"]["name"] == CANARY
    path = f"/participants/{intake['participant_id']}/timeline"

    # Each consumer hears the event by itself, so none of them waits for another.
    def told() -> Any:
        found = read(stack, "casework", path)["items"]
        return found if "referral_created" in {each["kind"] for each in found} else None

    lines = until_sync(told, what="the timeline")
    created = [each for each in lines if each["kind"] == "referral_created"]
    assert [each["detail"]["pathway"] for each in created] == ["naloxone_plus"]
    until_sync(lambda: referral_id in notices(stack), what="the notice")


def notices(stack: RunningStack) -> set[str]:
    page = read(stack, "notify", "/notices", as_="peer-willow")
    return {each["referral_id"] for each in page["items"]}


def test_request_id_and_trace_go_from_the_request_to_the_last_handler(
    stack: RunningStack,
) -> None:
    request_id = "phone-7-attempt-1"
    parent = f"00-{TRACE}-b7ad6b7169203331-01"

    referral_id = put_referral(stack, **{"X-Request-Id": request_id, "traceparent": parent})
    received(stack, referral_id)

    events = [
        entry["event"]
        for entry in journal(stack)
        if entry["event"]["data"]["referral_id"] == referral_id
    ]
    assert len(events) > 1
    assert {event["requestid"] for event in events} == {request_id}
    assert {event["traceparent"].split("-")[1] for event in events} == {TRACE}

    # Casework's handler ran, recorded a task, and its call came back to referral:
    def calls() -> list[str]:
        return [
            line["trace_id"]
            for line in logged(stack, "referral")
            if line.get("route") == "/referrals/{referral_id}/identity-packet"
            and line.get("request_id") == request_id
        ]

    assert until_sync(calls, what="the line of the call") == [TRACE]


def journal(stack: RunningStack) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{stack.url('referral')}/journal",
        headers={
            "Authorization": f"Bearer {stack.token('operator-spruce')}",
            "Handoff-Purpose": "operations",
        },
    )
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


def test_events_can_be_listed_and_read_from_the_command_line(stack: RunningStack) -> None:
    referral_id = put_referral(stack)
    received(stack, referral_id)

    listed = handoff(stack, "events", "tail", "--service", "referral", "--last", "1")
    event_id = listed.stdout.split()[-1]
    shown = handoff(stack, "events", "show", event_id)

    assert "deflection.handoff.offered.v1" in listed.stdout
    assert json.loads(shown.stdout)["event"]["data"]["referral_id"] == referral_id


def test_an_event_that_is_nowhere_is_one_sentence_and_an_exit_code(stack: RunningStack) -> None:
    shown = handoff(stack, "events", "show", str(uuid7()))

    assert shown.returncode == 1
    assert shown.stderr.startswith("No journal holds the event")
    assert shown.stderr.count("\n") == 1


async def test_a_dead_letter_is_listed_read_and_replayed_from_the_command_line(
    stack: RunningStack,
) -> None:
    assert "There are no dead letters." in handoff(stack, "dead-letters", "list").stdout
    referral_id = put_referral(stack)
    received(stack, referral_id)
    event = next(
        entry["event"]
        for entry in journal(stack)
        if entry["event"]["data"]["referral_id"] == referral_id
    )
    await park(stack, event)

    listed = handoff(stack, "dead-letters", "list")
    shown = handoff(stack, "dead-letters", "show", "casework-intake", event["id"])
    replayed = handoff(stack, "dead-letters", "replay", "casework-intake", event["id"])

    assert event["id"] in listed.stdout
    assert json.loads(shown.stdout)["body"]["id"] == event["id"]
    assert replayed.returncode == 0, replayed.stderr
    await asyncio.to_thread(
        until_sync,
        lambda: "There are no dead letters." in handoff(stack, "dead-letters", "list").stdout,
        what="the replay",
    )


async def park(stack: RunningStack, event: dict[str, Any]) -> None:
    """Put *event* among casework's dead letters, as a handler's failure would have."""
    connection = await asyncpg.connect(stack.admin_database_url)
    try:
        await connection.execute(
            "INSERT INTO casework.failed_delivery (consumer, event_id, subject, body, state,"
            " attempts, error, retry_at)"
            " VALUES ('casework-intake', $1, $2, $3, 'parked', 6, 'made up', now())",
            event["id"],
            event["type"],
            json.dumps(event),
        )
    finally:
        await connection.close()


def test_nothing_personal_is_in_logs_streams_or_events(stack: RunningStack) -> None:
    received(stack, put_referral(stack))

    files = [
        path
        for folder in ("logs", "nats", "pg")
        for path in (stack.data / folder).rglob("*")
        if path.is_file()
    ]
    assert len(files) > 1000, "the database's own files are among them"
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []
    assert CANARY not in json.dumps(journal(stack))


@contextmanager
def half(stack: RunningStack, only: str, port: int) -> Iterator[str]:
    """Run one half of the referral service beside the stack, on a port of its own."""
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*HANDOFF, "serve", "referral", "--only", only],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "HANDOFF_SECRETS_DIR": str(stack.data / "secrets" / "referral"),
            "REFERRAL_PORT": str(port),
        },
    )

    def answers() -> bool:
        assert process.poll() is None
        try:
            return httpx.get(f"{url}/ready").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    try:
        until_sync(answers, what=f"the {only} half")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def test_a_service_runs_as_two_processes_one_answering_and_one_working(
    stack: RunningStack,
) -> None:
    with half(stack, "http", free_port()) as http, half(stack, "worker", free_port()) as worker:
        referral_id = put_referral(stack, base=http)

        assert received(stack, referral_id)
        bearer = {"Authorization": f"Bearer {stack.token('officer-hemlock')}"}
        answer = httpx.get(f"{worker}/referrals/{referral_id}", headers=bearer)
        assert answer.status_code == 404
        assert "handoff_relay_lag_seconds" in httpx.get(f"{worker}/metrics").text


def test_status_tells_what_runs(stack: RunningStack) -> None:
    shown = handoff(stack, "status", "--json")

    assert shown.returncode == 0
    assert {
        part["name"]: part["state"] for part in json.loads(shown.stdout)["parts"]
    } == dict.fromkeys(
        ("postgres", "nats", "identity", "mailbox", "referral", "casework", "notify"), "up"
    )
