"""Watches a stack's processes: starts again whatever ends by itself, stops all in good order.

One thread, the main one (see `process`); stopping goes from what calls to what is called.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from deploy.embedded import process
from deploy.embedded.errors import EmbeddedError

WATCH_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 30.0
HEALTH_SECONDS = 5.0

Say = Callable[[str], None]


class Runs(Protocol):
    """A server or service as it is started and stopped."""

    process: "subprocess.Popen[bytes] | None"
    stop_signal: signal.Signals
    last_resort: signal.Signals

    def launch(self) -> None: ...
    def is_ready(self) -> bool: ...
    def why_it_ended(self) -> str: ...


@dataclass(slots=True, eq=False)
class Part:
    """One thing that the stack keeps running."""

    name: str
    runs: Runs
    url: str
    port: int
    check: str = ""
    ready: bool = False
    pause: float = FIRST_PAUSE_SECONDS
    ready_since: float = 0.0
    next_try: float | None = field(default=None)
    unwell_seconds_at_most: float | None = None  # None: its own check depends on other parts
    well_at: float = 0.0
    next_check: float = 0.0

    @property
    def pid(self) -> int | None:
        return self.runs.process.pid if self.runs.process else None

    @property
    def has_ended(self) -> bool:
        return self.runs.process is None or self.runs.process.poll() is not None


class Supervisor:
    """Keeps parts running; calls *changed* whenever the state of one is new."""

    def __init__(self, *, say: Say, changed: Callable[[], None]) -> None:
        self.parts: list[Part] = []
        self._say = say
        self._changed = changed

    def start(self, parts: Sequence[Part], *, within: float, stopping: Callable[[], bool]) -> None:
        """Start *parts* together and return when all are ready, or when *stopping* says so.

        Raises:
            EmbeddedError: one of them ended or took too long.
        """
        for part in parts:
            part.runs.launch()
            self.parts.append(part)
        self._changed()
        deadline = time.monotonic() + within
        while not all(part.ready for part in parts) and not stopping():
            for part in parts:
                self._look_at_start(part)
            if time.monotonic() > deadline:
                late = next(part for part in parts if not part.ready)
                raise EmbeddedError(
                    f"{late.name} was not ready after {within:.0f} s: {late.runs.why_it_ended()}."
                )
            time.sleep(WATCH_SECONDS / 4)

    def watch(self) -> None:
        """Look once at every part: start again what ended, note what became ready."""
        for part in self.parts:
            if part.next_try is not None:
                self._try_again(part)
            elif part.has_ended:
                self._note_end(part)
            elif part.ready:
                self._check_health(part)
            elif part.runs.is_ready():
                self._note_ready(part)
                self._say(f"{part.name} is up again.")

    def stop(self, stages: Sequence[tuple[Sequence[Part], float]]) -> None:
        """Stop stage by stage, the parts of a stage together, each stage in its own time."""
        for parts, seconds in stages:
            deadline = time.monotonic() + seconds
            for part in parts:
                process.ask(part.runs.process, part.runs.stop_signal)
            for part in parts:
                left = max(0.1, deadline - time.monotonic())
                process.await_end(part.runs.process, within=left, last_resort=part.runs.last_resort)
                part.ready = False
        self._changed()

    def _look_at_start(self, part: Part) -> None:
        if part.ready:
            return
        if part.has_ended:
            raise EmbeddedError(f"{part.name} did not start: {part.runs.why_it_ended()}.")
        if part.runs.is_ready():
            self._note_ready(part)

    def _check_health(self, part: Part) -> None:
        """End a part that runs and has not been well for too long; it is then started again."""
        now = time.monotonic()
        if part.unwell_seconds_at_most is None or now < part.next_check:
            return
        part.next_check = now + min(HEALTH_SECONDS, part.unwell_seconds_at_most)
        if part.runs.is_ready():
            part.well_at = now
        elif now - part.well_at > part.unwell_seconds_at_most:
            self._say(f"{part.name} runs and is not well; ending it.")
            process.ask(part.runs.process, part.runs.last_resort)

    def _note_ready(self, part: Part) -> None:
        part.ready = True
        part.ready_since = part.well_at = time.monotonic()
        self._changed()

    def _note_end(self, part: Part) -> None:
        code = part.runs.process.returncode if part.runs.process else None
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        steady = part.ready and time.monotonic() - part.ready_since > STEADY_SECONDS
        part.pause = FIRST_PAUSE_SECONDS if steady else min(part.pause * 2, LONGEST_PAUSE_SECONDS)
        part.ready = False
        part.next_try = time.monotonic() + part.pause
        self._say(f"{part.name} ended unexpectedly ({how}); starting it again.")
        self._changed()

    def _try_again(self, part: Part) -> None:
        if part.next_try is None or time.monotonic() < part.next_try:
            return
        part.next_try = None
        try:
            part.runs.launch()
        except EmbeddedError as error:
            part.pause = min(part.pause * 2, LONGEST_PAUSE_SECONDS)
            part.next_try = time.monotonic() + part.pause
            self._say(str(error))
        self._changed()
