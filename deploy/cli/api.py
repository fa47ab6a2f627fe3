"""How commands ask the running stack: as a member of the made-up staff, over the public APIs."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from deploy.cli.errors import CliError
from deploy.cli.options import data_folder
from deploy.cli.token import fetch_token
from deploy.client.casework import Casework
from deploy.client.notify import Notify
from deploy.client.referral import Referral
from deploy.client.service import ProblemError
from deploy.embedded import state

OPERATOR = "operator-spruce"
Operated = Referral | Casework | Notify
TIMEOUT_SECONDS = 10.0
PAGE = 500
AGAIN_AT_MOST = 3
LONGEST_WAIT_SECONDS = 5


class RefusedError(CliError):
    """A service answered with a problem; `status` says which kind."""

    def __init__(self, service: str, problem: ProblemError) -> None:
        super().__init__(f"{service} answered {problem.status}: {problem}.")
        self.status = problem.status


class Api:
    """The three services of the stack on one data folder.

    Whoever asks gets a client that raises RefusedError when the service refuses, and CliError when
    it does not answer.
    """

    def __init__(self, data: Path) -> None:
        known = state.read(data_folder(data).state)
        if known is None:
            raise CliError(f"Nothing runs on {data}: start it with `handoff up`.")
        self._data = data
        self._urls = {part.name: part.url for part in known.parts}
        self._clients: dict[tuple[str, str], httpx.Client] = {}

    def referral(self, who: str = OPERATOR) -> Referral:
        return Referral(self._client("referral", who))

    def casework(self, who: str = OPERATOR) -> Casework:
        return Casework(self._client("casework", who))

    def notify(self, who: str = OPERATOR) -> Notify:
        return Notify(self._client("notify", who))

    def operated(self) -> Mapping[str, Operated]:
        """Return every service, as the operator asks it."""
        return {
            "referral": self.referral(),
            "casework": self.casework(),
            "notify": self.notify(),
        }

    def journal(self, service: str) -> Iterator[dict[str, Any]]:
        """Yield every event of the service's journal, as the operator sees it."""
        after = 0
        while True:
            entries = (
                self.operated()[service]
                .get_journal(after=after, limit=PAGE, purpose="operations")
                .entries
            )
            yield from (entry.event for entry in entries)
            if not entries:
                return
            after = entries[-1].position

    def open(self, part: str, path: str) -> httpx.Response:
        """Return what a part of the stack shows to anybody, such as the mailbox.

        Raises:
            CliError: it does not answer, or not with success.
        """
        try:
            return httpx.get(self.url(part, path), timeout=TIMEOUT_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise CliError(f"The {part} does not answer: see `handoff status`.") from error

    def url(self, part: str, path: str) -> str:
        return f"{self._urls[part]}{path}"

    def _client(self, service: str, who: str) -> httpx.Client:
        if (service, who) not in self._clients:
            token = fetch_token(who, data=self._data, service=service)
            self._clients[service, who] = httpx.Client(
                base_url=self._urls[service],
                headers={"Authorization": f"Bearer {token}"},
                timeout=TIMEOUT_SECONDS,
                transport=_Answering(service),
                event_hooks={"response": [_Refusing(service)]},
            )
        return self._clients[service, who]


class _Answering(httpx.HTTPTransport):
    """Tells in a sentence that a service does not answer; asks again when it says so.

    A service that is busy answers 503 with a time to wait, and has changed nothing then.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._send(request)
        for _ in range(AGAIN_AT_MOST):
            wait = answer.headers.get("Retry-After", "")
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or not wait.isdecimal():
                break
            answer.close()
            time.sleep(min(int(wait), LONGEST_WAIT_SECONDS))
            answer = self._send(request)
        return answer

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except httpx.TransportError as error:
            sentence = f"The service {self._service} does not answer: see `handoff status`."
            raise CliError(sentence) from error


class _Refusing:
    """Raises what a service refuses."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, answer: httpx.Response) -> None:
        if answer.is_error:
            answer.read()
            raise RefusedError(self._service, ProblemError(answer))
