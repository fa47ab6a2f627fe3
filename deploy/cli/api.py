"""How commands ask the running stack: as a member of the made-up staff, over the public APIs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from deploy.cli.errors import CliError
from deploy.cli.options import data_folder
from deploy.cli.token import fetch_token
from deploy.embedded import state

OPERATOR = "operator-spruce"
TIMEOUT_SECONDS = 10.0
PAGE = 500


class RefusedError(CliError):
    """A service answered with a problem; `status` says which kind."""

    def __init__(self, service: str, status: int, sentence: str) -> None:
        super().__init__(f"{service} answered {status}: {sentence}.")
        self.status = status


class Api:
    """The three services of the stack on one data folder."""

    def __init__(self, data: Path) -> None:
        known = state.read(data_folder(data).state)
        if known is None:
            raise CliError(f"Nothing runs on {data}: start it with `handoff up`.")
        self._data = data
        self._urls = {part.name: part.url for part in known.parts}
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS)
        self._tokens: dict[str, str] = {}

    def call(
        self,
        method: str,
        service: str,
        path: str,
        *,
        as_: str = OPERATOR,
        purpose: str = "operations",
        params: Mapping[str, int] | None = None,
        json: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        """Send one request as *as_*; an answer that is a problem is raised.

        Raises:
            RefusedError: the service answered with a problem.
            CliError: it did not answer.
        """
        if as_ not in self._tokens:
            self._tokens[as_] = fetch_token(as_, data=self._data)
        headers = {"Authorization": f"Bearer {self._tokens[as_]}", "Handoff-Purpose": purpose}
        try:
            answer = self._http.request(
                method, f"{self._urls[service]}{path}", headers=headers, params=params, json=json
            )
        except httpx.HTTPError as error:
            raise CliError(
                f"The service {service} does not answer: see `handoff status`."
            ) from error
        if answer.is_error:
            raise RefusedError(service, answer.status_code, _sentence(answer))
        return answer

    def open(self, part: str, path: str) -> httpx.Response:
        """Return what a part of the stack shows to anybody, such as the mailbox.

        Raises:
            CliError: it does not answer, or not with success.
        """
        try:
            return self._http.get(f"{self._urls[part]}{path}").raise_for_status()
        except httpx.HTTPError as error:
            raise CliError(f"The {part} does not answer: see `handoff status`.") from error

    def journal(self, service: str) -> Iterator[dict[str, Any]]:
        """Yield every entry of the service's journal, as the operator sees it."""
        after = 0
        while True:
            params = {"after": after, "limit": PAGE}
            entries = self.call("GET", service, "/journal", params=params).json()["entries"]
            yield from entries
            if not entries:
                return
            after = entries[-1]["position"]


def _sentence(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem["title"])
    except (ValueError, KeyError, AttributeError):
        return "no reason given"
