"""A part that runs and is not well is ended and started again."""

import signal
import subprocess
import sys

from deploy.embedded.supervisor import Part, Supervisor
from tests.system.until import until_sync


class Program:
    """A process that waits, and says of itself what the test wants."""

    stop_signal = signal.SIGTERM
    last_resort = signal.SIGKILL

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.well = True
        self.launched = 0

    def launch(self) -> None:
        self.launched += 1
        self.well = True
        self.process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def is_ready(self) -> bool:
        return self.well

    def why_it_ended(self) -> str:
        return "no reason"


def test_a_part_that_runs_and_is_not_well_is_started_again() -> None:
    said: list[str] = []
    program = Program()
    supervisor = Supervisor(say=said.append, changed=lambda: None)
    part = Part("probe", program, url="", port=0, unwell_seconds_at_most=0.05)
    supervisor.start([part], within=10, stopping=lambda: False)
    first = program.process

    program.well = False

    def started_again() -> bool:
        supervisor.watch()
        return program.launched == 2 and part.ready

    until_sync(started_again, within=20)
    assert "probe runs and is not well; ending it." in said
    supervisor.stop([([part], 5)])
    for each in (first, program.process):
        assert each is not None
        assert each.stdin is not None
        each.stdin.close()
        each.wait(5)
