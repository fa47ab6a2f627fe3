"""The record of what runs where: whole, and never mistaken about a process."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.cli.status import NOTHING_RUNS, SOMETHING_DOWN, Line, exit_code
from deploy.embedded import state
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.state import Running, State

ME = Running(
    name="identity",
    url="http://127.0.0.1:8104",
    port=8104,
    check="",
    pid=os.getpid(),
    born=state.born(os.getpid()) or "",
    state="up",
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    known = State(pid=ME.pid or 0, born=ME.born, parts=(ME, replace(ME, name="nats", pid=None)))

    state.write(tmp_path / "state.json", known)

    assert state.read(tmp_path / "state.json") == known
    assert known.is_supervised


def test_a_folder_on_which_nothing_ran_has_no_state(tmp_path: Path) -> None:
    assert state.read(tmp_path / "state.json") is None


def test_a_damaged_record_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"supervisor"')

    with pytest.raises(EmbeddedError, match=r"state.json is damaged: remove it\.$"):
        state.read(tmp_path / "state.json")


def test_a_process_is_alive_until_it_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        child = replace(ME, pid=process.pid, born=state.born(process.pid) or "")
        before = child.is_alive
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        ended_but_not_collected = child.is_alive

    assert (before, ended_but_not_collected, child.is_alive) == (True, False, False)


def test_a_number_that_a_stranger_has_now_is_not_ours() -> None:
    assert not replace(ME, born="1").is_alive


def lines(*states: str) -> list[Line]:
    return [
        Line("nats", "nats://127.0.0.1:8122", None if each == "down" else 7, each)  # type: ignore[arg-type] # literals from the table below
        for each in states
    ]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ((), NOTHING_RUNS),
        (("down", "down"), NOTHING_RUNS),
        (("up", "up"), 0),
        (("up", "down"), SOMETHING_DOWN),
        (("up", "starting"), SOMETHING_DOWN),
        (("up", "not answering"), SOMETHING_DOWN),
    ],
)
def test_the_exit_code_says_whether_all_is_up(states: tuple[str, ...], code: int) -> None:
    assert exit_code(lines(*states)) == code
