"""Requests made from a service's OpenAPI document, sent with real tokens, and what is wrong.

schemathesis generates and checks; sending is left to the application's own client, because a pool
of connections belongs to one event loop and schemathesis knows nothing of ours. Every failure is
collected, one for each operation and kind, so that one run tells all of it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from uuid_utils.compat import uuid7

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of so many cases one is wrong in some way: the answers to right ones say more.
WRONG_ONE_IN = 4
UNKNOWN_ONE_IN = 5
# A stream ends when its reader goes, and a client in memory reads until the end.
STREAM = "text/event-stream"
AnyCase = Case[Any]
Token = Callable[[str], Coroutine[Any, Any, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """An application, who asks it, and what exists in it: values by the names of parameters."""

    app: FastAPI
    http: httpx.AsyncClient
    token: Token
    accounts: Sequence[str]
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass
class Found:
    """What came of it: how many were sent, what each operation answered, what was wrong."""

    sent: int = 0
    answered: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    def without(self, statuses: range, operations: Sequence[str]) -> set[str]:
        """Return which of *operations* never answered any of *statuses*."""
        return {each for each in operations if not set(self.answered[each]) & set(statuses)}


def operations(app: FastAPI, *, part: int = 0, parts: int = 1) -> list[Any]:
    """Return every operation of the document, or one of *parts* equal shares of them."""
    document = schemathesis.openapi.from_dict(app.openapi())
    every: list[Any] = list(document.get_all_operations())
    return [each.ok() for each in every][part::parts]


def secured(operation: Any) -> bool:
    return bool(operation.definition.raw.get("security"))


def streams(operation: Any) -> bool:
    return STREAM in str(operation.definition.raw["responses"].get("200"))


class Fuzzing:
    """One run over some operations of one application."""

    def __init__(self, target: Target, runner: asyncio.Runner, *, seeded: int) -> None:
        self.found = Found()
        self._target = target
        self._runner = runner
        self._seed = seeded
        self._turn = 0

    def run(self, chosen: Sequence[Any], *, each: int) -> Found:
        """Send *each* cases to every operation, and ask it once without and with a bad token."""
        for operation in chosen:
            self.found.answered[operation.label] = Counter()
            self._fuzz(operation, GenerationMode.POSITIVE, 1, self._unauthenticated)
            if streams(operation):
                continue
            asked = self._asker(operation)
            wrong = each // WRONG_ONE_IN
            self._fuzz(operation, GenerationMode.POSITIVE, each - wrong, asked)
            self._fuzz(operation, GenerationMode.NEGATIVE, wrong, asked)
        return self.found

    def _fuzz(
        self, operation: Any, mode: GenerationMode, cases: int, ask: Callable[[AnyCase], None]
    ) -> None:
        """Have so many cases generated, none of them looked at twice.

        An operation without anything to vary is asked the same again, by other people.
        """
        made: list[AnyCase] = []

        @seed(self._seed)
        @settings(
            max_examples=cases,
            database=None,
            phases=(Phase.generate,),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(mode))
        def collect(case: AnyCase) -> None:
            made.append(case)

        try:
            collect()
        except Unsatisfiable:
            made = []  # nothing of this operation can be wrong: it takes nothing
        if not made:
            return self._fuzz(operation, GenerationMode.POSITIVE, cases, ask)
        for _, case in zip(range(cases), cycle(made), strict=False):
            ask(case)
        return None

    def _asker(self, operation: Any) -> Callable[[AnyCase], None]:
        """Rotate over the accounts; whoever was answered asks every other time from then on."""
        turns = cycle(self._target.accounts)
        answered: list[str] = []

        def ask(case: AnyCase) -> None:
            self._turn += 1
            who = answered[0] if answered and self._turn % 2 else next(turns)
            self._fill(case)
            answer = self._send(case, self._runner.run(self._target.token(who)), who)
            if answer is None:
                return
            self.found.answered[operation.label][answer.status_code] += 1
            if answer.is_success:
                answered[:] = [who]

        return ask

    def _fill(self, case: AnyCase) -> None:
        """Name what exists, in most cases; what is unknown is a new id."""
        for name in case.path_parameters or {}:
            if self._turn % UNKNOWN_ONE_IN:
                case.path_parameters[name] = self._value(name)
        if isinstance(case.body, dict) and self._turn % UNKNOWN_ONE_IN:
            for name in set(case.body) & set(self._target.known):
                case.body[name] = self._value(name)

    def _value(self, name: str) -> str:
        known = self._target.known.get(name)
        return known[self._turn // 2 % len(known)] if known else str(uuid7())

    def _unauthenticated(self, case: AnyCase) -> None:
        if not secured(case.operation):
            return
        self._fill(case)
        for token in (None, "made.up.token"):
            answer = self._send(case, token, "nobody")
            if answer is not None and answer.status_code != httpx.codes.UNAUTHORIZED:
                self._note(case, "authentication ignored", f"{answer.status_code} with {token}")

    def _send(self, case: AnyCase, token: str | None, who: str) -> httpx.Response | None:
        self.found.sent += 1
        try:
            answer = self._runner.run(self._target.http.send(self._request(case, token, who)))
        except Exception as error:  # noqa: BLE001 - whatever an application lets through is a 500
            self._note(case, "ServerError", f"{who}: {error!r}")
            return None
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for each in group.exceptions:
                self._note(case, type(each).__name__, f"{who}: {each} {answer.text[:400]}")
        return answer

    def _request(self, case: AnyCase, token: str | None, who: str) -> httpx.Request:
        """Return the case as schemathesis would put it on the wire, with our own credentials."""
        made = case.as_transport_kwargs(base_url=str(self._target.http.base_url))
        headers = httpx.Headers(
            {
                name.encode("latin-1"): str(value).encode("latin-1")
                for name, value in (made.pop("headers") or {}).items()
                if name.lower() != "authorization"
            }
        )
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if "-" not in who:
            headers.setdefault("Handoff-Programme", "alder-county")
        wire: Any = requests.Request(**made).prepare()
        merged = httpx.Headers(wire.headers)
        merged.update(headers)
        return httpx.Request(made["method"], wire.url, headers=merged, content=wire.body)

    def _note(self, case: AnyCase, kind: str, what: str) -> None:
        self.found.wrong.setdefault((case.operation.label, kind), what)
