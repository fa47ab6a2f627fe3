"""`handoff demo`: the story told to a person, and reported to a program."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port
from tests.system.running_stack import HANDOFF

PORTS = (
    *("REFERRAL", "CASEWORK", "NOTIFY", "IDENTITY", "MAILBOX", "MAILBOX_SMTP"),
    *("HANDOFF_NATS", "HANDOFF_NATS_MONITOR", "HANDOFF_POSTGRES"),
)
TABLE = [
    *(("referred", 66), ("accepted", None), ("met", 49), ("enrolled", 41)),
    *(("in_touch", 28), ("connected", 25), ("completed", None)),
]
ID = "[0-9a-f-]{36}"
EITHER = "(peer-willow|manager-fern)"  # who accepts first is a race
MAIL = rf"http://127\.0\.0\.1:\d+/mails/{ID}"
# Every step, and every sentence that is said in it.
SAID = {
    "set up": ("The ladder asks peers first, then case managers, then the coordinator.",),
    "refer": (
        f"One referral, three times the same answer: {ID}",
        (
            r"Going by what you stated, the county's policy allows deflection\."
            r" \(multnomah, version 1\)"
        ),
    ),
    "hand off": (
        "After five minutes manager-fern is called as well.",
        f"Both accept at once: {EITHER} has it, the other got 409.",
        (
            "The officer is told who comes by role, and no name:"
            " (Certified recovery peer|Case manager)"
        ),
        (
            "The officer read: offered → calling_more_people → accepted → on_the_way → arrived"
            " → received_by_the_programme"
        ),
    ),
    "enrol": (
        "Received: Test Participant Birch, officer_intervention",
        "Their record is for peer-willow and manager-fern now, and for their supervisor.",
        "The person agreed, so they are enrolled; planned: h24, h72, d7, d30, d90, m6",
        "A goal in their own words: A place of my own before winter",
    ),
    "log": (r"An attempt \(no answer\), then a contact: naloxone given, housing named.",),
    "emergency": (
        r"404, then break-glass with a reason: 15 minutes, to read\.",
        r"privacy-yarrow is told, reads why, and judges it: justified\.",
    ),
    "follow up": (
        "A notice and a mail: Handoff: There is something new in your work.",
        f"It lies here: {MAIL}",
        "Then they are connected with somebody for: housing",
        "One completed, one missed, one overdue as computed when it is read.",
    ),
    "tell the officer": (
        (
            "Signed, and yes to this one notice. officer-hemlock reads:"
            " The person you referred is connected with the programme."
        ),
        "With it goes: 42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
        "privacy-yarrow finds it accounted for: handed over, by this consent.",
    ),
    "close": ("Twenty days pass.",),
    "return": (
        (
            "They are told what anybody would be told: Going by what you stated,"
            " the county's policy allows deflection."
        ),
        "Casework proposes who it may be: same_date_of_birth, similar_name, sounds_alike",
        "Linked: the earlier episode is reopened, with its goals and all that was known.",
    ),
    "history": (
        (
            r"Not met: ended as unreachable on \d{4}-\d\d-\d\d, within 30 days \(multnomah,"
            r" version 1\). A person decides; no officer is told."
        ),
    ),
    "release": (
        f"{EITHER}, who knew the person, heard it after the release.",
        "The second officer reads: received_by_the_programme",
        "Two hours later they are told that it was received, and nothing else.",
    ),
    "timeline": (
        "What is logged meanwhile appears on the open page by itself.",
        "52 lines, nothing twice.",
        (
            "peer-willow reads the same page without:"
            " A disclosure outside the programme was granted,"
            " Eligibility judged by the county's policy"
        ),
    ),
    "firewall": (
        (
            "Refused, as if it did not exist: casework answered 404:"
            " There is nothing here that you may see."
        ),
    ),
    "quarter": ("12 weeks of referrals pass, and what follows from them.",),
    "feedback": (
        (
            "2 of 7 lines are gaps: fewer than 11 people, or a number that would give such a number"
            " away."
        ),
        f"supervisor-cypress has it by mail: {MAIL}",
    ),
}
SHOWN = (  # what only a terminal shows
    "h24        completed",
    "h72        missed",
    "d7         overdue",
    "The team tried to be in touch",
    "refer 66 people in a quarter (simulated, seed 7)",
    "People referred                       66",
    "Accepted by the team                  ░░░ hidden",
    "Everything is stopped; the data stays.",
)


def play(data: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    ports = {f"{name}_PORT": str(free_port()) for name in PORTS}
    return subprocess.run(
        [*HANDOFF, "demo", "--once", "--data", str(data), *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **ports, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


def test_the_story_is_told_to_its_end_and_again_on_the_same_data(data: Path) -> None:
    for _ in range(2):
        played = play(data)

        assert played.returncode == 0, played.stderr + played.stdout
        for pattern in (each for lines in SAID.values() for each in lines):
            assert re.search(pattern, played.stdout), pattern
        for line in SHOWN:
            assert line in played.stdout, line


def test_the_report_says_what_happened_how_long_it_took_and_who_saw_what(data: Path) -> None:
    played = play(data, "--fresh", "--json")

    assert played.returncode == 0, played.stderr
    report = json.loads(played.stdout)
    assert [step["name"] for step in report["steps"]] == list(SAID)
    for step in report["steps"]:
        patterns = SAID[step["name"]]
        assert len(step["said"]) == len(patterns), step
        for said, pattern in zip(step["said"], patterns, strict=True):
            assert re.fullmatch(pattern, said), said
    assert report["failed"] is None
    check_events(report["events"])
    assert all(0 < each < 20_000 for each in report["latencies_ms"].values())
    assert len(report["latencies_ms"]) == 11
    check_seen(report["seen"])
    check_quarter(report)


def check_events(events: dict[str, int]) -> None:
    """Everything was told once that happens once, and no more often than it happened."""
    short = {subject.split(".", 1)[1].removesuffix(".v1"): n for subject, n in events.items()}
    once = (
        *("handoff.escalated", "handoff.person_agreed", "episode.enrolled", "episode.reopened"),
        *("contact.made", "need.identified", "followup.completed"),
        *("followup.missed", "participant.linked", "participant.redeflected", "goal.set"),
        *("participant.return_announced", "consent.granted", "milestone.reached"),
        *("disclosure.made", "need.connected"),
    )
    assert {name: short.get(name) for name in once} == dict.fromkeys(once, 1)
    assert (short["referral.created"], short["handoff.accepted"]) == (2, 2)
    assert short["contact.attempted"] == 2
    assert (short["followup.scheduled"], short["followup.due"]) == (6, 3)


def check_seen(seen: dict[str, Sequence[str]]) -> None:
    received = "received_by_the_programme"
    assert seen["officer-sorrel"] == [
        *("status: accepted", f"status: {received}", f"notice: {received}"),
    ]
    assert [each for each in seen["officer-hemlock"] if each.startswith("notice")] == [
        *(f"notice: {received}", "notice: connected"),
    ]
    assert not any(each.startswith("timeline") for each in seen["officer-hemlock"])
    assert seen["privacy-yarrow"] == ["notice: break_glass_opened", "disclosure: connected"]
    manager, peer = set(seen["manager-fern"]), set(seen["peer-willow"])
    assert "timeline: participant_redeflected" in manager & peer
    assert {each for each in manager - peer if each.startswith("timeline")} == {
        *("timeline: disclosure_made", "timeline: referral_eligibility_decided"),
    }


def check_quarter(report: dict[str, Any]) -> None:
    """The same seed, the same quarter; an officer is shown what was released and no more."""
    table = [(row["measure"], row["people"]) for row in report["feedback"]]
    assert table == TABLE
    told = [each.removeprefix("feedback: ") for each in report["seen"]["officer-hemlock"]]
    shown = [f"{measure} {people or 'hidden'}" for measure, people in TABLE]
    assert told[-len(TABLE) :] == shown
    events = report["events_of_quarter"]
    assert events["deflection.referral.created.v1"] == 73  # seven of 66 people came back
    assert events["deflection.participant.linked.v1"] == 7
    assert events["deflection.episode.enrolled.v1"] == 41
    assert events["deflection.feedback.published.v1"] == 1


def test_a_step_that_does_not_come_true_is_named_and_ends_with_an_error(tmp_path: Path) -> None:
    ports = {f"{name}_PORT": str(free_port()) for name in PORTS}
    environment: dict[str, Any] = {
        **os.environ,
        **ports,
        "PYTHONPATH": str(Path(__file__).parent / "sabotage" / "deaf_notify"),
    }

    played = subprocess.run(
        [*HANDOFF, "demo", "--once", "--json", "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert played.returncode == 1
    assert "The demo failed at the step “hand off”" in played.stderr
    assert json.loads(played.stdout)["failed"] == "hand off"
