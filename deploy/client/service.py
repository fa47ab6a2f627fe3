"""What the generated clients of all services share: asking, reading the answer, and refusals."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

T = TypeVar("T")

PURPOSE = "Handoff-Purpose"


class ProblemError(Exception):
    """A service refused, with a problem (RFC 9457); its text is the problem's sentence."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.problem: dict[str, Any] = _problem(answer)
        self.type = str(self.problem.get("type", "about:blank"))
        super().__init__(str(self.problem.get("detail") or self.problem.get("title")))


class Service:
    """One service as somebody asks it; the HTTP client knows where it is and who asks."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def _ask(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        purpose: str,
        query: Mapping[str, object] | None = None,
        body: BaseModel | None = None,
    ) -> T:
        """Return what is answered.

        Raises:
            ProblemError: the service refused.
            httpx.HTTPError: it did not answer.
        """
        found = self._send(method, path, purpose=purpose, query=query, body=body)
        return TypeAdapter(answer).validate_json(found.content)

    def _ask_if_any(
        self, path: str, answer: type[T], *, purpose: str, query: Mapping[str, object] | None = None
    ) -> T | None:
        """Return what is answered, or None where the service answers that there is nothing."""
        found = self._send("GET", path, purpose=purpose, query=query)
        if found.content == b"null":
            return None
        return TypeAdapter(answer).validate_json(found.content)

    def _tell(self, method: str, path: str, *, purpose: str, body: BaseModel | None = None) -> None:
        """Say something to which there is no answer but that it is done."""
        self._send(method, path, purpose=purpose, body=body)

    @contextmanager
    def _follow(
        self, path: str, *, purpose: str, headers: Mapping[str, str]
    ) -> Iterator[Iterator[str]]:
        """Yield the lines of an answer that goes on, as they come."""
        with self._http.stream("GET", path, headers={PURPOSE: purpose, **headers}) as answer:
            if answer.is_error:
                answer.read()
                raise ProblemError(answer)
            yield answer.iter_lines()

    def _send(
        self,
        method: str,
        path: str,
        *,
        purpose: str,
        query: Mapping[str, object] | None = None,
        body: BaseModel | None = None,
    ) -> httpx.Response:
        headers = {PURPOSE: purpose}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = self._http.request(
            method,
            path,
            params={name: _text(each) for name, each in (query or {}).items() if each is not None},
            content=body.model_dump_json(exclude_unset=True) if body is not None else None,
            headers=headers,
        )
        if answer.is_error:
            raise ProblemError(answer)
        return answer


def quoted(part: str) -> str:
    """Return an id as it stands in a path."""
    return quote(part, safe="")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    return problem if isinstance(problem, dict) else {"title": "no reason given"}
