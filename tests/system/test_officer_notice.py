"""On the running stack: an officer hears what the person agreed to, and nothing after a revocation.

The gate is casework's, who asks is notify, and neither is told here what the other does.
"""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded import movable_clock
from tests.system.running_stack import RunningStack, running_stack
from tests.system.until import until_sync

OFFICER, PEER = "officer-hemlock", "peer-willow"
REFERRAL = {"pathway": "naloxone_plus", "need": "both"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("gate")) as running:
        yield running


def ask(
    stack: RunningStack,
    method: str,
    path: str,
    *,
    service: str = "casework",
    who: str = PEER,
    why: str = "care_coordination",
    body: Any = None,
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {stack.token(who)}", "Handoff-Purpose": why}
    return httpx.request(method, f"{stack.url(service)}{path}", json=body, headers=headers)


def referred(stack: RunningStack) -> tuple[str, str]:
    """Have the officer refer somebody; return the referral and, once it arrived, the person."""
    referral_id = str(uuid7())
    path = f"/referrals/{referral_id}"
    ask(
        stack, "PUT", path, service="referral", who=OFFICER, why="referral", body=REFERRAL
    ).raise_for_status()
    arrived = until_sync(lambda: intake(stack, referral_id), what="the intake")
    return referral_id, str(arrived["participant_id"])


def intake(stack: RunningStack, referral_id: str) -> dict[str, Any]:
    answer = ask(stack, "GET", f"/intakes/{referral_id}")
    found: dict[str, Any] = answer.json() if answer.is_success else {}
    return found


def two_hours_pass(stack: RunningStack) -> None:
    """Until then nobody hears more than that their referral was received."""
    movable_clock.advance(stack.plan, timedelta(hours=2))


def consented(stack: RunningStack, referral_id: str) -> str:
    consent_id = str(uuid7())
    body = {
        "referral_id": referral_id,
        "kind": "officer_notice",
        "recipient_kind": "referrer",
        "recipient_id": OFFICER,
        "purpose_code": "tell_referrer",
        "content_codes": ["connected", "thank_you"],
        "expires_at": (datetime.now(UTC) + timedelta(days=90)).isoformat(),
        "language_code": "en",
        "text_version": 1,
        "signed_by_code": "participant",
    }
    ask(stack, "PUT", f"/consents/{consent_id}", body=body).raise_for_status()
    return consent_id


def say_yes(stack: RunningStack, referral_id: str, kind: str) -> httpx.Response:
    body = {"referral_id": referral_id, "kind": kind}
    return ask(stack, "PUT", f"/officer-notices/{uuid7()}", body=body)


def heard_of(stack: RunningStack, referral_id: str) -> list[str]:
    """Return the kinds of notices that the officer has about a referral."""
    answer = ask(stack, "GET", "/notices", service="notify", who=OFFICER, why="referral")
    return [each["kind"] for each in answer.json()["items"] if each["referral_id"] == referral_id]


def accounted(stack: RunningStack, participant_id: str) -> list[tuple[str, str]]:
    path = f"/participants/{participant_id}/disclosures"
    answer = ask(stack, "GET", path, who="privacy-yarrow", why="privacy")
    return [(each["content_code"], each["state"]) for each in answer.json()["items"]]


def test_an_officer_hears_what_the_person_said_yes_to_and_it_is_accounted_for(
    stack: RunningStack,
) -> None:
    told, silent = referred(stack), referred(stack)
    consent_id = consented(stack, told[0])
    two_hours_pass(stack)

    say_yes(stack, told[0], "connected").raise_for_status()

    until_sync(lambda: "connected" in heard_of(stack, told[0]), what="the officer's notice")
    until_sync(lambda: heard_of(stack, silent[0]), what="the receipt")
    until_sync(
        lambda: accounted(stack, told[1]) == [("connected", "handed_over")],
        what="the outcome in the accounting",
    )
    ask(stack, "PUT", f"/consents/{consent_id}/revocation").raise_for_status()
    late = say_yes(stack, told[0], "thank_you")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/no-basis")
    assert heard_of(stack, silent[0]) == ["received_by_the_programme"]
    assert sorted(heard_of(stack, told[0])) == ["connected", "received_by_the_programme"]
    assert accounted(stack, silent[1]) == []


def test_a_yes_is_on_an_open_timeline_within_a_second(stack: RunningStack) -> None:
    referral_id, participant_id = referred(stack)
    consented(stack, referral_id)
    two_hours_pass(stack)
    headers = {"Authorization": f"Bearer {stack.token(PEER)}"}
    url = f"{stack.url('casework')}/participants/{participant_id}/timeline/stream"

    with httpx.stream("GET", url, headers=headers, timeout=5) as answer:
        say_yes(stack, referral_id, "thank_you").raise_for_status()
        said = time.monotonic()
        found = next(line for line in answer.iter_lines() if "milestone_reached" in line)
        assert time.monotonic() - said < 1

    assert referral_id in found


def test_an_open_timeline_does_not_hold_up_a_service_that_is_asked_to_stop(
    stack: RunningStack,
) -> None:
    _, participant_id = referred(stack)
    headers = {"Authorization": f"Bearer {stack.token(PEER)}"}
    url = f"{stack.url('casework')}/participants/{participant_id}/timeline/stream"
    pid = stack.part("casework").pid
    assert pid is not None

    with httpx.stream("GET", url, headers=headers, timeout=5) as answer:
        os.kill(pid, signal.SIGTERM)
        assert list(answer.iter_lines()) == []  # a clean end, and not a connection that breaks

    stack.await_restart("casework", killed=pid)
