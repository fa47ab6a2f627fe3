"""Enforcement stays outside of casework: whatever is sent, nothing of it is looked at."""

from typing import Any

import pytest

from tests.service.apps import NO_ID, ServiceApp, same_refusal
from tests.service.casework.records import a_record
from tests.service.statements import statements

OFFICER = {"roles": ["case_manager", "coordinator", "peer"]}
JSON = {"Content-Type": "application/json"}
# What casework answers 400, 405, 413 or 422 to anybody whom it lets in.
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "an id that is none": ("GET", "/participants/Test-Participant-Birch", {}),
    "a page size that is none": ("GET", "/intakes", {"params": {"limit": "many"}}),
    "a purpose of another route": ("GET", "/intakes", {"headers": {"Handoff-Purpose": "feedback"}}),
    "a purpose that is none": ("GET", "/intakes", {"headers": {"Handoff-Purpose": "gossip"}}),
    "another method": ("DELETE", "/intakes", {}),
    "another path": ("GET", "/nothing/here", {}),
    "a body that is no JSON": (
        "POST",
        f"/participants/{NO_ID}/break-glass",
        {"content": b"{", "headers": JSON},
    ),
    "a body that lacks everything": ("POST", f"/participants/{NO_ID}/break-glass", {"json": {}}),
    "a body that is too large": ("POST", "/matches", {"content": b" " * 100_000}),
    "a body that is too deep": ("POST", "/matches", {"content": b"[" * 50, "headers": JSON}),
}
RELEVANT = "SELECT resource_id FROM audit_entry WHERE action = 'enter' AND outcome = 'denied'"


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
async def test_what_enforcement_sends_makes_no_difference(
    app: ServiceApp, request_: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, rest = request_
    officer = app.as_forged(**OFFICER)

    missing = await officer.get(f"/participants/{NO_ID}")
    answer = await officer.ask(method, path, **rest)
    let_in = await app.as_("manager-fern").ask(method, path, **rest)

    assert same_refusal([missing, answer])
    assert let_in.status_code in {400, 404, 405, 413, 422}
    assert (await app.audited())[1][3:] == ("denied", "enforcement_never_in_casework")
    assert await app.rows("SELECT count(*) FROM firewall_alarm") == [(1,)]


async def test_enforcement_costs_the_same_statements_whether_there_is_a_record_or_not(
    app: ServiceApp,
) -> None:
    person = await a_record(app)
    officer = app.as_("officer-hemlock")
    await officer.get("/intakes")  # the day's first try raises the alarm
    seen = []
    for path in (f"/participants/{person}", f"/participants/{NO_ID}", "/intakes", "/nothing"):
        with statements(app) as found:
            await officer.get(path)
        seen.append(found)

    assert len(seen[0]) > 0
    assert all(each == seen[0] for each in seen)
    assert not any("participant " in each for each in seen[0])


async def test_the_audit_log_names_the_record_that_enforcement_asked_for(app: ServiceApp) -> None:
    person = await a_record(app)

    await app.as_("officer-hemlock").get(f"/participants/{person}/timeline")
    await app.as_("officer-hemlock").get("/participants/Test-Participant-Birch")

    assert await app.rows(f"{RELEVANT} ORDER BY id") == [(str(person),), ("casework",)]


async def test_without_a_valid_token_nothing_else_is_looked_at(app: ServiceApp) -> None:
    for method, path, rest in REQUESTS.values():
        for credentials in (
            {},
            {"Authorization": "Bearer made-up"},
            {"Authorization": "Basic eA=="},
        ):
            request = rest | {"headers": rest.get("headers", {}) | credentials}
            answer = await app.as_(None).ask(method, path, **request)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await app.audited() == []
