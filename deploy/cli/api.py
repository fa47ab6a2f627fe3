"""How commands ask the running stack: as a member of the made-up staff, over the public APIs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
        headers = self._headers(as_, purpose)
        url = self.url(service, path)
        try:
            answer = self._http.request(method, url, headers=headers, params=params, json=json)
        except httpx.HTTPError as error:
            raise CliError(
                f"The service {service} does not answer: see `handoff status`."
            ) from error
        if answer.is_error:
            raise RefusedError(service, answer.status_code, _sentence(answer))
        return answer

    @contextmanager
    def follow(self, service: str, path: str, *, as_: str, purpose: str) -> Iterator[Iterator[str]]:
        """Yield the lines of an answer that goes on, as they come.

        Raises:
            RefusedError: the service answered with a problem.
            CliError: it did not answer, or fell silent.
        """
        url, headers = self.url(service, path), self._headers(as_, purpose)
        try:
            with self._http.stream("GET", url, headers=headers) as answer:
                if answer.is_error:
                    answer.read()
                    raise RefusedError(service, answer.status_code, _sentence(answer))
                yield answer.iter_lines()
        except httpx.HTTPError as error:
            raise CliError(f"The service {service} fell silent: see `handoff status`.") from error

    def open(self, part: str, path: str) -> httpx.Response:
        """Return what a part of the stack shows to anybody, such as the mailbox.

        Raises:
            CliError: it does not answer, or not with success.
        """
        try:
            return self._http.get(self.url(part, path)).raise_for_status()
        except httpx.HTTPError as error:
            raise CliError(f"The {part} does not answer: see `handoff status`.") from error

    def url(self, part: str, path: str) -> str:
        return f"{self._urls[part]}{path}"

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

    def _headers(self, as_: str, purpose: str) -> dict[str, str]:
        if as_ not in self._tokens:
            self._tokens[as_] = fetch_token(as_, data=self._data)
        return {"Authorization": f"Bearer {self._tokens[as_]}", "Handoff-Purpose": purpose}


def _sentence(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem["title"])
    except (ValueError, KeyError, AttributeError):
        return "no reason given"
