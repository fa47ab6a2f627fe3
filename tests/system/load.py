"""Officers and peers who go on working through every fault, and remember what they were told."""

import asyncio
import time
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from tests.system.running_stack import RunningStack

AGAIN_SECONDS = 0.1
OFFICERS = ("officer-hemlock", "officer-sorrel", "officer-aspen")
CARE = {
    "officer-hemlock": "peer-willow",
    "officer-sorrel": "peer-willow",
    "officer-aspen": "manager-cedar",
}


@dataclass
class Told:
    """What clients sent and what they were told of it."""

    sent: dict[UUID, str] = field(default_factory=dict)
    receipts: dict[UUID, set[bytes]] = field(default_factory=dict)
    accepted: dict[UUID, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    interrupted: int = 0


class Load:
    """A steady stream of referrals; every second one is accepted by somebody from the team."""

    def __init__(self, stack: RunningStack, *, per_second: float) -> None:
        self._stack = stack
        self._every = 1 / per_second
        self.told = Told()
        self._stop = asyncio.Event()
        names = (*OFFICERS, *set(CARE.values()))
        self._tokens = {name: stack.token(name) for name in names}

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> Told:
        """Work until stopped, then until every request has had its answer."""
        async with httpx.AsyncClient(timeout=5) as http, asyncio.TaskGroup() as group:
            number = 0
            while not self._stop.is_set():
                group.create_task(self._refer(http, number))
                number += 1
                await asyncio.sleep(self._every)
        return self.told

    async def _refer(self, http: httpx.AsyncClient, number: int) -> None:
        officer = OFFICERS[number % len(OFFICERS)]
        referral_id = uuid7()
        self.told.sent[referral_id] = officer
        url = f"{self._stack.url('referral')}/referrals/{referral_id}"
        body = {"pathway": "officer_referral", "need": "not_sure", "note": f"made up, {number}"}
        for _ in range(1 + number % 3):  # phones repeat themselves
            answer = await self._insist(http, url, officer, body)
            if answer.status_code != httpx.codes.CREATED:
                self.told.surprises.append(f"PUT {referral_id}: {answer.status_code}")
                return
            self.told.receipts.setdefault(referral_id, set()).add(answer.content)
        if number % 2:
            by = CARE[officer]
            answer = await self._insist(http, f"{url}/acceptance", by, None)
            if answer.status_code != httpx.codes.OK:
                self.told.surprises.append(f"accept {referral_id}: {answer.status_code}")
                return
            self.told.accepted[referral_id] = by

    async def _insist(
        self, http: httpx.AsyncClient, url: str, who: str, body: dict[str, str] | None
    ) -> httpx.Response:
        """Send until there is an answer that is one: neither silence nor 'try again'."""
        deadline = time.monotonic() + 120
        while True:
            try:
                answer = await http.put(
                    url, json=body, headers={"Authorization": f"Bearer {self._tokens[who]}"}
                )
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer
            except httpx.HTTPError as error:
                if time.monotonic() > deadline:
                    raise AssertionError(f"no answer for 120 s: {type(error).__name__}") from error
            self.told.interrupted += 1
            await asyncio.sleep(AGAIN_SECONDS)
