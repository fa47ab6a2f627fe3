"""What the demo plays with, on the running stack: the mailbox, and a clock that can be moved."""

import asyncio
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded import movable_clock
from deploy.embedded.errors import EmbeddedError
from tests.system.running_stack import HANDOFF, RunningStack, running_stack
from tests.system.until import until_sync

PEER = "peer-willow@example.org"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("tools")) as running:
        yield running


def clock(stack: RunningStack, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*HANDOFF, "clock", "--data", str(stack.data), *words],
        capture_output=True,
        text=True,
        check=False,
    )


async def moments(stack: RunningStack) -> tuple[datetime, set[datetime]]:
    """Return real time and the moments at which the services stand, all of one transaction."""
    connection = await asyncpg.connect(stack.admin_database_url)
    try:
        row = await connection.fetchrow(
            "SELECT now(), referral.app_now(), casework.app_now(), notify.app_now()"
        )
    finally:
        await connection.close()
    assert row is not None
    return row[0], set(row[1:])


def messages(stack: RunningStack, **narrowed: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{stack.url('mailbox')}/messages", params=narrowed)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_mail_is_shown_and_still_there_after_the_mailbox_was_killed(
    stack: RunningStack,
) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "handoff@example.org", PEER
    message["Subject"] = "A follow-up is due"
    message.set_content("See your list.")
    port = stack.plan.ports.mailbox_smtp
    asyncio.run(aiosmtplib.send(message, hostname="127.0.0.1", port=port, start_tls=False))

    [before] = messages(stack, to=PEER)
    stack.await_restart("mailbox", killed=stack.kill("mailbox"))
    [after] = messages(stack)

    assert before == after
    assert (after["to"], after["subject"]) == ([PEER], "A follow-up is due")
    mailbox = stack.url("mailbox")
    assert httpx.get(f"{mailbox}/messages/{after['id']}").json()["text"] == "See your list.\n"
    assert "A follow-up is due" in httpx.get(mailbox).text
    assert "See your list." in httpx.get(f"{mailbox}/mails/{after['id']}").text


async def test_the_clock_goes_forward_for_all_services_at_once_and_adds_up(
    stack: RunningStack,
) -> None:
    movable_clock.set_ahead(stack.plan, timedelta())
    assert clock(stack).stdout.endswith(" UTC, as real time does.\n")

    assert clock(stack, "--ahead", "26h").stdout.endswith(", 1 d 2 h ahead of real time.\n")
    assert clock(stack, "--ahead", "3d").stdout.endswith(", 4 d 2 h ahead of real time.\n")

    real, programme = await moments(stack)
    assert programme == {real + timedelta(days=4, hours=2)}
    assert clock(stack).stdout.endswith(", 4 d 2 h ahead of real time.\n")


@pytest.mark.parametrize("ahead", ["0s", "-3d", "soon"])
def test_the_clock_is_not_moved_back_by_the_command(stack: RunningStack, ahead: str) -> None:
    before = movable_clock.read(stack.plan)

    refused = clock(stack, "--ahead", ahead)

    assert refused.returncode == 1
    assert "the clock only goes forward" in refused.stderr.lower()
    assert refused.stderr.count("\n") == 1
    assert movable_clock.read(stack.plan) == before


async def test_a_demo_may_begin_in_the_past(stack: RunningStack) -> None:
    movable_clock.set_ahead(stack.plan, timedelta(days=-90))

    real, programme = await moments(stack)
    assert programme == {real - timedelta(days=90)}
    assert movable_clock.read(stack.plan) == timedelta(days=-90)


async def test_a_move_too_far_changes_nothing(stack: RunningStack) -> None:
    movable_clock.set_ahead(stack.plan, timedelta(days=1))

    with pytest.raises(EmbeddedError, match="no further than 3650 days"):
        movable_clock.advance(stack.plan, timedelta(days=3650))

    real, programme = await moments(stack)
    assert programme == {real + timedelta(days=1)}


async def test_a_move_of_which_one_part_cannot_be_made_is_not_made_at_all(
    stack: RunningStack,
) -> None:
    movable_clock.set_ahead(stack.plan, timedelta(days=1))
    connection = await asyncpg.connect(stack.admin_database_url)
    try:
        await connection.execute(
            "ALTER TABLE notify.clock_offset ADD CONSTRAINT stuck CHECK (ahead < '2 days')"
        )
        with pytest.raises(EmbeddedError):
            movable_clock.advance(stack.plan, timedelta(days=5))
        real, programme = await moments(stack)
    finally:
        await connection.execute("ALTER TABLE notify.clock_offset DROP CONSTRAINT stuck")
        await connection.close()

    assert programme == {real + timedelta(days=1)}


async def test_of_two_moves_at_once_neither_is_lost(stack: RunningStack) -> None:
    movable_clock.set_ahead(stack.plan, timedelta())

    with ThreadPoolExecutor() as threads:
        moves = [
            threads.submit(movable_clock.advance, stack.plan, timedelta(hours=1)) for _ in range(6)
        ]
        stood = sorted(each.result() for each in moves)

    assert stood == [timedelta(hours=number) for number in range(1, 7)]
    real, programme = await moments(stack)
    assert programme == {real + timedelta(hours=6)}


def test_what_falls_due_happens_when_the_clock_is_moved(stack: RunningStack) -> None:
    referral_id = str(uuid7())
    answer = httpx.put(
        f"{stack.url('referral')}/referrals/{referral_id}",
        json={"pathway": "naloxone_plus", "need": "both"},
        headers={"Authorization": f"Bearer {stack.token('officer-hemlock')}"},
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text

    movable_clock.advance(stack.plan, timedelta(minutes=16))

    def noticed() -> bool:
        page = httpx.get(
            f"{stack.url('notify')}/notices",
            headers={"Authorization": f"Bearer {stack.token('coordinator-juniper')}"},
        )
        return any(each["referral_id"] == referral_id for each in page.json()["items"])

    until_sync(noticed, what="the coordinator's notice of the escalation")
