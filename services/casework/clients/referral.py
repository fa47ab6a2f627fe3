"""Calls to the referral service."""

import httpx
import orjson

from shared.http.service_token import ServiceTokens
from shared.messaging.errors import TransientError
from shared.messaging.tasks import Task


class ReferralClient:
    """Asks the referral service as casework, for one programme at a time."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, tokens: ServiceTokens) -> None:
        self._http = http
        self._base_url = base_url
        self._tokens = tokens

    async def identity_packet(self, task: Task) -> bytes:
        """Return who the referral is about, as JSON.

        Raises:
            TransientError: the referral service did not hand it over; it may later.
        """
        try:
            answer = await self._http.get(
                f"{self._base_url}/referrals/{task.aggregate_id}/identity-packet",
                headers=await self._tokens.headers("referral", task.programme_id),
            )
        except httpx.HTTPError as error:
            raise TransientError("the referral service cannot be reached") from error
        if answer.status_code != httpx.codes.OK:
            raise TransientError(f"the referral service answered {answer.status_code}")
        if not _is_packet(answer.content):
            raise TransientError("what answered for the referral service gave no packet")
        return answer.content


def _is_packet(content: bytes) -> bool:
    """Return whether it is a JSON object: a proxy in between may answer 200 with anything."""
    try:
        return isinstance(orjson.loads(content), dict)
    except orjson.JSONDecodeError:
        return False
