"""Where the story plays: staff who ask the public APIs, a clock that moves, a mailbox to look into.

Everything is narrated and reported as it happens; a thing that does not come true ends the story.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table

from deploy.cli.api import Api, RefusedError
from deploy.cli.errors import CliError
from deploy.client.casework import Casework
from deploy.client.notify import Notify
from deploy.client.referral import Referral
from deploy.client.referral.bodies import Person, ReferralReceipt
from deploy.demo.cast import POSSESSION
from deploy.demo.report import Report, Step
from deploy.embedded import movable_clock
from deploy.embedded.plan import Plan

T = TypeVar("T")

ARRIVES_WITHIN_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.05


class Stage:
    """Who asks, what is said, and what time it is."""

    def __init__(self, api: Api, plan: Plan, console: Console) -> None:
        self._api = api
        self._plan = plan
        self._console = console
        self.report = Report()

    @contextmanager
    def step(self, name: str, who: str, what: str) -> Iterator[None]:
        """Tell one act; if it fails, the report says which it was.

        Raises:
            CliError: the act did not come true; the sentence names it.
        """
        step = Step(name, who, what)
        self.report.steps.append(step)
        self._console.print()
        self._console.print(f"[bold]{who}[/bold] {what}")
        began = time.monotonic()
        try:
            yield
        except CliError as error:
            self.report.failed, self.report.why = name, str(error)
            raise CliError(f"The demo failed at the step “{name}”: {error}") from error
        finally:
            step.seconds = round(time.monotonic() - began, 3)

    def say(self, text: str) -> None:
        self.report.steps[-1].said.append(text)
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def referral(self, who: str) -> Referral:
        return self._api.referral(who)

    def casework(self, who: str) -> Casework:
        return self._api.casework(who)

    def notify(self, who: str) -> Notify:
        return self._api.notify(who)

    def refer(self, who: str, referral_id: UUID, person: Person) -> ReferralReceipt:
        body = POSSESSION.model_copy(update={"person": person})
        return self.referral(who).put_referral(referral_id, body)

    @contextmanager
    def lines(self, who: str, participant_id: UUID) -> Iterator[Iterator[str]]:
        """Yield the lines of a participant's timeline as they come.

        Raises:
            CliError: they stopped coming.
        """
        try:
            with self.casework(who).stream_timeline(participant_id) as lines:
                yield lines
        except httpx.HTTPError as error:
            raise CliError("The timeline fell silent: see `handoff status`.") from error

    def refused(self, status: int, who: str, try_: Callable[[], object]) -> str:
        """Return the sentence of a refusal that has to come.

        Raises:
            CliError: it was answered, or refused otherwise.
        """
        try:
            try_()
        except RefusedError as refused:
            if refused.status == status:
                return str(refused)
            raise
        raise CliError(f"{who} was answered, which has to be refused.")

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Return what *look* finds, as soon as it finds something.

        Raises:
            CliError: it did not happen in time.
        """
        deadline = time.monotonic() + ARRIVES_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(LOOK_AGAIN_SECONDS)
        raise CliError(f"{what} did not happen within {ARRIVES_WITHIN_SECONDS:.0f} s.")

    def timed(self, what: str, look: Callable[[], T | None]) -> T:
        """Like `until`, and note how long it took."""
        began = time.monotonic()
        found = self.until(look, what)
        self.report.latencies_ms[what] = round((time.monotonic() - began) * 1000, 1)
        return found

    def one(self, found: Sequence[T], what: str) -> T:
        """Return the only one of *found*.

        Raises:
            CliError: there is none, or more than one.
        """
        self.require(len(found) == 1, f"There is not one {what}, but {len(found)}.")
        return found[0]

    def require(self, true: object, otherwise: str) -> None:
        """Raise CliError with *otherwise* unless *true*."""
        if not true:
            raise CliError(otherwise)

    def now(self) -> datetime:
        """Return the programme's present moment."""
        return datetime.now(UTC) + movable_clock.read(self._plan)

    def wait(self, by: timedelta) -> None:
        """Let time pass at once."""
        movable_clock.advance(self._plan, by)

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until *moment*, unless it is past."""
        by = moment - self.now()
        if by > timedelta():
            self.wait(by)

    def mail_ids(self, staff_id: str) -> set[str]:
        """Return which mails the mailbox has caught for somebody."""
        return {mail["id"] for mail in self._mail_to(staff_id)}

    def new_mail(self, staff_id: str, about: str, *, since: set[str]) -> dict[str, Any] | None:
        """Return a mail to somebody that says *about* and was not there before."""
        found = (mail for mail in self._mail_to(staff_id) if mail["id"] not in since)
        return next((mail for mail in found if about in mail["subject"]), None)

    def _mail_to(self, staff_id: str) -> list[dict[str, Any]]:
        path = f"/messages?to={staff_id}@example.org"
        found: list[dict[str, Any]] = self._api.open("mailbox", path).json()["items"]
        return found

    def link_to_mail(self, mail: dict[str, Any]) -> str:
        return self._api.url("mailbox", f"/mails/{mail['id']}")

    def told(self, *, beyond: Mapping[str, int] | None = None) -> dict[str, int]:
        """Return how often each event was told since the beginning of the data, or *beyond* it."""
        counts: Counter[str] = Counter()
        for service in ("referral", "casework", "notify"):
            for event in self._api.journal(service):
                counts[event["type"]] += 1
        return dict(sorted((counts - Counter(beyond or {})).items()))

    def show(self, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            table.add_column(heading)
        for row in rows:
            table.add_row(*row)
        self._console.print(table)
