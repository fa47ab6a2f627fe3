"""The demo's story, told through the public HTTP APIs alone: one referral, seen by three people."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table
from uuid_utils.compat import uuid7

from deploy.cli.api import Api, RefusedError
from deploy.cli.errors import CliError

T = TypeVar("T")

OFFICER, PEER, MANAGER = "officer-hemlock", "peer-willow", "manager-fern"
ARRIVES_WITHIN_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.05

REFERRAL = {
    "pathway": "officer_referral",
    "need": "substance_use",
    "person": {"name": "Test Participant Birch", "phone": "555-0142"},
    "meeting_place": "Test Square, north side",
    "willing": True,
}


class Story:
    """One made-up person is referred, received and accepted."""

    def __init__(self, api: Api, console: Console) -> None:
        self._api = api
        self._console = console
        self.referral_id: UUID = uuid7()

    def tell(self) -> None:
        """Play every step; a step that does not come true ends in one sentence.

        Raises:
            CliError: which step failed.
        """
        began = time.monotonic()
        self._refer()
        participant_id = self._await_intake()
        self._say(f"Casework had it {time.monotonic() - began:.2f} s after the officer sent it.")
        self._accept()
        entries = self._await_timeline(participant_id, of=2)
        self._show(entries)
        self._officer_looks_again()
        self._officer_tries_casework(participant_id)

    def _refer(self) -> None:
        self._step(OFFICER, "refers a person; the signal is bad, so the phone sends it three times")
        answers = {
            self._api.call(
                "PUT",
                "referral",
                f"/referrals/{self.referral_id}",
                as_=OFFICER,
                purpose="referral",
                json=REFERRAL,
            ).content
            for _ in range(3)
        }
        if len(answers) != 1:
            raise CliError("A repeated referral was answered differently.")
        self._say(f"One referral, three times the same answer: {self.referral_id}")

    def _await_intake(self) -> str:
        self._step(MANAGER, "opens the intake: who it is was fetched by a call, not by an event")

        def ready() -> dict[str, Any] | None:
            page = self._care("casework", "/intakes").json()
            mine = [each for each in page["items"] if each["referral_id"] == str(self.referral_id)]
            return next((each for each in mine if each["state"] == "ready"), None)

        line = self._until(ready, "the intake did not arrive in casework")
        intake = self._care("casework", f"/intakes/{self.referral_id}").json()
        self._say(f"Received: {intake['identity']['person']['name']}, {line['pathway']}")
        return str(line["participant_id"])

    def _accept(self) -> None:
        self._step(PEER, "sees the notice and accepts the handoff")

        def notice() -> str | None:
            notices = self._care("notify", "/notices", as_=PEER).json()["items"]
            mine = [each for each in notices if each["referral_id"] == str(self.referral_id)]
            return str(mine[0]["text"]) if mine else None

        self._say(self._until(notice, "no notice reached the peer"))
        path = f"/referrals/{self.referral_id}/acceptance"
        self._api.call("PUT", "referral", path, as_=PEER, purpose="care_coordination")

    def _await_timeline(self, participant_id: str, *, of: int) -> list[dict[str, Any]]:
        self._step(MANAGER, "reads the timeline")

        def complete() -> list[dict[str, Any]] | None:
            page = self._care("casework", f"/participants/{participant_id}/timeline").json()
            return page["items"] if len(page["items"]) == of else None

        return self._until(complete, "the timeline stayed incomplete")

    def _officer_looks_again(self) -> None:
        self._step(OFFICER, "looks at the referral again")
        path = f"/referrals/{self.referral_id}"
        seen = self._api.call("GET", "referral", path, as_=OFFICER, purpose="referral").json()
        self._say(f"Status: {seen['status']}")

    def _officer_tries_casework(self, participant_id: str) -> None:
        self._step(OFFICER, "tries to read the timeline")
        path = f"/participants/{participant_id}/timeline"
        try:
            self._api.call("GET", "casework", path, as_=OFFICER, purpose="care_coordination")
        except RefusedError as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            self._say(f"Refused, as if it did not exist: {refused}")
            return
        raise CliError("An officer could read casework.")

    def _care(self, service: str, path: str, *, as_: str = MANAGER) -> httpx.Response:
        return self._api.call("GET", service, path, as_=as_, purpose="care_coordination")

    def _until(self, look: Callable[[], T | None], otherwise: str) -> T:
        for _ in self._tries():
            if found := look():
                return found
        raise CliError(f"The demo failed: {otherwise}.")

    def _tries(self) -> Iterator[None]:
        deadline = time.monotonic() + ARRIVES_WITHIN_SECONDS
        while time.monotonic() < deadline:
            yield
            time.sleep(LOOK_AGAIN_SECONDS)

    def _show(self, entries: list[dict[str, Any]]) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("when", "what", "detail"):
            table.add_column(heading)
        for each in entries:
            detail = ", ".join(f"{key} {value}" for key, value in each["detail"].items())
            table.add_row(each["happened_at"][:19].replace("T", " "), each["kind"], detail)
        self._console.print(table)

    def _step(self, who: str, what: str) -> None:
        self._console.print()
        self._console.print(f"[bold]{who}[/bold] {what}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
