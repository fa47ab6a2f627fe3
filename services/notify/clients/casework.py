"""Calls to casework: may this leave now, what became of it, and the table of a release."""

from typing import Any
from uuid import UUID

import httpx
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from shared.events.casework import OfficerNotice
from shared.http.service_token import ServiceTokens
from shared.messaging.errors import TransientError
from shared.messaging.tasks import Task
from shared.policy.actor import Purpose

NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class NotAskedError(TransientError):
    """The question surely had no effect: it did not arrive, or was refused as such."""


class Statement(BaseModel):
    version: int


class GrantBody(BaseModel):
    """A grant as casework writes it; its words are to use and not to keep, so they are not read."""

    disclosure_id: UUID
    expires_at: AwareDatetime
    recipient_id: str
    kind: OfficerNotice
    statement: int | Statement | str = 1

    @property
    def statement_version(self) -> int:
        match self.statement:
            case int():
                return self.statement
            case Statement():
                return self.statement.version
            case _:
                return 1


class Label(BaseModel):
    en: str
    es: str


class RowBody(BaseModel):
    measure: str
    label: Label
    shown: bool
    people: int | None = None
    of: int | None = None
    percent: float | None = None
    why_hidden: str | None = None

    def kept(self) -> dict[str, Any]:
        """Return what is stored; of a row that is not shown, no number whatever was sent."""
        numbers = {"people": None, "of": None, "percent": None}
        return self.model_dump() | ({} if self.shown else numbers)


class ReleaseBody(BaseModel):
    rows: list[RowBody]
    threshold: int = Field(ge=1)


class CaseworkClient:
    """Asks casework as notify, for one programme at a time."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, tokens: ServiceTokens) -> None:
        self._http = http
        self._base_url = base_url
        self._tokens = tokens

    async def grant(self, task: Task) -> GrantBody | None:
        """Return the grant for a notice; None if nothing allows it (or it was granted before).

        Raises:
            NotAskedError: casework was not reached, or refused to look at the question.
            TransientError: no answer came that can be read, so there may have been a grant.
        """
        try:
            answer = await self._http.post(
                f"{self._base_url}/disclosures/grants",
                json={"notice_id": str(task.aggregate_id)},
                headers=await self._headers(task, asking=True),
            )
        except NEVER_ARRIVED as error:
            raise NotAskedError("casework cannot be reached") from error
        except httpx.HTTPError as error:
            raise TransientError("the answer of casework was lost") from error
        if answer.status_code == httpx.codes.CONFLICT:
            return None
        if answer.is_client_error:
            raise NotAskedError(f"casework answered {answer.status_code}")
        if not answer.is_success:
            raise TransientError(f"casework answered {answer.status_code}")
        try:
            return GrantBody.model_validate_json(answer.content)
        except ValidationError as error:
            raise TransientError("what answered for casework gave no grant") from error

    async def report(self, task: Task, *, outcome: str) -> None:
        """Say what became of a grant; saying it again is harmless.

        Raises:
            TransientError: casework did not take it; it may later.
        """
        try:
            answer = await self._http.put(
                f"{self._base_url}/disclosures/{task.aggregate_id}/outcome",
                json={"outcome": outcome},
                headers=await self._headers(task),
            )
        except httpx.HTTPError as error:
            raise TransientError("casework cannot be reached") from error
        if not answer.is_success:
            raise TransientError(f"casework answered {answer.status_code}")

    async def release(self, task: Task) -> ReleaseBody:
        """Return a released table.

        Raises:
            TransientError: casework did not hand it over; it may later.
        """
        try:
            answer = await self._http.get(
                f"{self._base_url}/feedback-releases/{task.aggregate_id}",
                headers=await self._headers(task),
            )
        except httpx.HTTPError as error:
            raise TransientError("casework cannot be reached") from error
        if answer.status_code != httpx.codes.OK:
            raise TransientError(f"casework answered {answer.status_code}")
        try:
            return ReleaseBody.model_validate_json(answer.content)
        except ValidationError as error:
            raise TransientError("what answered for casework gave no table") from error

    async def _headers(self, task: Task, *, asking: bool = False) -> dict[str, str]:
        try:
            return await self._tokens.headers(
                "casework", task.programme_id, purpose=Purpose.SERVICE_DELIVERY
            )
        except TransientError as error:
            if asking:
                raise NotAskedError(str(error)) from error
            raise
