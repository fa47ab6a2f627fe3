"""The typed client says what its operation says, and tells answers from refusals."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from deploy.client.casework import Casework
from deploy.client.casework.bodies import ContactBody, TeamMemberBody
from deploy.client.referral import Referral
from deploy.client.service import ProblemError
from deploy.contracts import __main__ as contracts

ID = UUID("0190a5d0-0000-7000-8000-000000000000")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
Answering = Callable[[httpx.Request], httpx.Response]


@contextmanager
def asked(answer: Answering) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url="http://casework.example.org", transport=httpx.MockTransport(answer)
    ) as http:
        yield http


def test_a_body_is_sent_as_it_was_stated_and_nothing_else() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"staff_id": "a", "role_code": "b", "since": "x"})

    contact = ContactBody(
        episode_id=ID, kind="made", mode_code="video", outcome_code="reached", started_at=NOW
    )
    with asked(answer) as http, pytest.raises(ValueError, match="ContactView"):
        Casework(http).put_contact(ID, contact)

    [request] = seen
    assert (request.method, request.url.path) == ("PUT", f"/contacts/{ID}")
    assert request.headers["Handoff-Purpose"] == "care_coordination"
    assert json.loads(request.content) == {
        "episode_id": str(ID),
        "kind": "made",
        "mode_code": "video",
        "outcome_code": "reached",
        "started_at": "2026-03-02T00:00:00Z",
    }


def test_what_is_not_asked_for_is_not_in_the_query() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert dict(request.url.params) == {"mine": "true", "state": "due"}
        return httpx.Response(200, json={"items": [], "next": None})

    with asked(answer) as http:
        assert Casework(http).get_followups(mine=True, state="due").items == []


def test_an_id_that_others_made_stays_one_part_of_the_path() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.raw_path == f"/episodes/{ID}/care-team/a%2Fb%3Fc".encode()
        return httpx.Response(204)

    with asked(answer) as http:
        Casework(http).put_team_member(ID, "a/b?c", TeamMemberBody(role_code="peer"))


def test_nothing_is_none() -> None:
    with asked(lambda _: httpx.Response(200, content=b"null")) as http:
        assert Casework(http).get_safe_contact(ID) is None
    with asked(lambda _: httpx.Response(204)) as http:
        Referral(http).put_officer_release(ID)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(404, json={"type": "/problems/not-found", "title": "Nothing"}), "Nothing"),
        (httpx.Response(409, json={"title": "Taken", "detail": "By Willow."}), "By Willow."),
        (httpx.Response(502, text="<html>"), "no reason given"),
        (httpx.Response(500, json=["odd"]), "no reason given"),
    ],
)
def test_a_refusal_is_raised_with_its_sentence(answer: httpx.Response, said: str) -> None:
    with asked(lambda _: answer) as http, pytest.raises(ProblemError, match=said) as raised:
        Casework(http).get_episode(ID)

    assert raised.value.status == answer.status_code


def test_a_refused_stream_is_raised_as_well() -> None:
    refusal = httpx.Response(404, json={"title": "Nothing"})

    with (
        asked(lambda _: refusal) as http,
        pytest.raises(ProblemError, match="Nothing"),
        Casework(http).stream_timeline(ID),
    ):
        pass


def test_a_contract_that_is_out_of_date_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "openapi.json"
    kept.write_text("{}")
    monkeypatch.setattr(contracts, "ROOT", tmp_path)
    monkeypatch.setattr(contracts, "documents", lambda: iter([(kept, "{ }")]))
    monkeypatch.setattr("sys.argv", ["contracts", "--check"])

    assert contracts.main() == 1
    assert capsys.readouterr().err == (
        "openapi.json is out of date: run `python -m deploy.contracts`.\n"
    )
    monkeypatch.setattr("sys.argv", ["contracts"])
    assert contracts.main() == 0
    assert kept.read_text() == "{ }"
