"""A service's own access tokens for direct calls, one for each service that is called.

Each is renewed before it expires.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from shared.http.audience import PREFIX, audience_of
from shared.http.oidc import TIMEOUT_SECONDS, Provider, ProviderError, discover
from shared.messaging.errors import TransientError
from shared.observability.context import current_request_id, current_traceparent
from shared.policy.actor import Purpose

RENEW_BEFORE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    renew_at: float
    expires_at: float


class ServiceTokens:
    """Gets client-credentials tokens and keeps the present ones; an outage leaves them in use."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        audience_prefix: str = PREFIX,
        audience_parameter: str = "resource",
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._login = httpx.BasicAuth(client_id, client_secret)
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, transport=transport)
        self._prefix = audience_prefix
        self._parameter = audience_parameter
        self._clock = clock
        self._asking = asyncio.Lock()
        self._provider: Provider | None = None
        self._held: dict[str, _Held] = {}

    async def headers(
        self, service: str, programme_id: str | None = None, *, purpose: Purpose | None = None
    ) -> dict[str, str]:
        """Return what a call of *service* sends: whose it is, for which programme, why, its trace.

        Raises:
            TransientError: there is no valid token, and the provider gives none just now.
        """
        found = {"Authorization": f"Bearer {await self._token(service)}"}
        if programme_id is not None:
            found["Handoff-Programme"] = programme_id
        if purpose is not None:
            found["Handoff-Purpose"] = purpose.value
        if request_id := current_request_id():
            found["X-Request-Id"] = request_id
        if traceparent := current_traceparent():
            found["traceparent"] = traceparent
        return found

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _token(self, service: str) -> str:
        async with self._asking:
            held, now = self._held.get(service), self._clock()
            if held is not None and now < held.renew_at:
                return held.token
            try:
                self._held[service] = held = await self._request(service)
            except ProviderError as error:
                self._provider = None
                if held is None or now >= held.expires_at:
                    raise TransientError("the identity provider gives no token") from error
            return held.token

    async def _request(self, service: str) -> _Held:
        if self._provider is None:
            self._provider = await discover(self._http, self._issuer)
        asked_at = self._clock()
        try:
            answer = await self._http.post(
                self._provider.token_endpoint,
                data={
                    "grant_type": "client_credentials",
                    self._parameter: audience_of(service, prefix=self._prefix),
                },
                auth=self._login,
            )
            answer.raise_for_status()
            body = answer.json()
            token, seconds = str(body["access_token"]), float(body["expires_in"])
        except (httpx.HTTPError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(f"no usable token: {type(error).__name__}") from error
        renew_after = max(seconds - RENEW_BEFORE_SECONDS, seconds / 2)
        return _Held(token, asked_at + renew_after, asked_at + seconds)
