"""On the running stack: who is told by mail of a referral, and when."""

import subprocess
from collections.abc import Iterator

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.system.running_stack import HANDOFF, RunningStack, running_stack
from tests.system.until import until_sync

OFFICER = "officer-hemlock"
ADDRESS = f"{OFFICER}@example.org"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("receipt")) as running:
        yield running


def let_pass(stack: RunningStack, span: str) -> None:
    subprocess.run([*HANDOFF, "clock", "--data", str(stack.data), "--ahead", span], check=True)


def put(
    stack: RunningStack,
    service: str,
    path: str,
    body: dict[str, object],
    *,
    who: str = OFFICER,
    why: str = "referral",
) -> None:
    headers = {"Authorization": f"Bearer {stack.token(who)}", "Handoff-Purpose": why}
    httpx.put(f"{stack.url(service)}{path}", json=body, headers=headers).raise_for_status()


def received(stack: RunningStack, to: str = ADDRESS) -> list[dict[str, str]]:
    answer = httpx.get(f"{stack.url('mailbox')}/messages", params={"to": to})
    found: list[dict[str, str]] = answer.json()["items"]
    return found


def kinds(stack: RunningStack) -> list[str]:
    headers = {"Authorization": f"Bearer {stack.token(OFFICER)}", "Handoff-Purpose": "referral"}
    answer = httpx.get(f"{stack.url('notify')}/notices", headers=headers).raise_for_status()
    return [each["kind"] for each in answer.json()["items"]]


def heard(stack: RunningStack, referral_id: str) -> bool:
    """Return whether notify has handled the referral: its peers are told of it."""
    headers = {"Authorization": f"Bearer {stack.token('peer-willow')}"}
    answer = httpx.get(f"{stack.url('notify')}/notices", headers=headers).raise_for_status()
    return referral_id in {each["referral_id"] for each in answer.json()["items"]}


def test_a_referrer_has_a_mail_when_two_hours_have_passed(stack: RunningStack) -> None:
    referral_id = str(uuid7())
    put(stack, "notify", f"/delivery-addresses/{OFFICER}", {"email": ADDRESS})
    put(
        stack, "referral", f"/referrals/{referral_id}", {"pathway": "naloxone_plus", "need": "both"}
    )
    until_sync(lambda: heard(stack, referral_id), what="notify to hear of it")

    let_pass(stack, "1h58m")
    assert (kinds(stack), received(stack)) == ([], [])
    let_pass(stack, "2m")

    [mail] = until_sync(lambda: received(stack), what="the mail")
    assert mail["subject"] == "Handoff: There is a notice for you."
    assert kinds(stack) == ["received_by_the_programme"]


def test_the_peers_on_the_staff_have_a_mail_when_a_referral_arrives(stack: RunningStack) -> None:
    peer, address = "peer-willow", "peer-willow@example.org"
    runs: dict[str, str] = {"who": "administrator-acacia", "why": "administration"}
    put(stack, "referral", f"/staff/{peer}", {"role_codes": ["peer"]}, **runs)
    body: dict[str, object] = {"email": address, "language_code": "es"}
    put(stack, "notify", f"/delivery-addresses/{peer}", body, **runs)

    def arrived() -> bool:
        put(
            stack,
            "referral",
            f"/referrals/{uuid7()}",
            {"pathway": "naloxone_plus", "need": "both"},
        )
        subjects = {each["subject"] for each in received(stack, address)}
        return any(each.startswith("Handoff: Ha llegado una derivación") for each in subjects)

    # Referrals are made until one of them comes after notify has heard of the peer.
    until_sync(arrived, what="the mail to the peer")


def test_notify_hears_both_services(stack: RunningStack) -> None:
    def broker() -> bool:
        checks = httpx.get(f"{stack.url('notify')}/ready").json()["checks"]
        return all(each["ok"] for each in checks)

    until_sync(broker, what="every consumer of notify")
