"""What is known of the OpenID provider: its endpoints and its keys.

Keys are asked for again when they are no longer fresh and when a token names an unknown one, but
never more often than every few seconds. While the provider is away the known ones keep serving.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

log = structlog.get_logger()

TIMEOUT_SECONDS = 2.0
DISCOVERY = "/.well-known/openid-configuration"

SigningKey = ECKey | RSAKey
KINDS: Mapping[str, type[ECKey | RSAKey]] = {"EC": ECKey, "RSA": RSAKey}


class ProviderError(Exception):
    """The provider cannot be reached, or its answer is of no use; the text holds no secret."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the discovery document says, as far as it matters here."""

    issuer: str
    jwks_uri: str
    token_endpoint: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long keys are fresh, how long they serve at most, and how often to ask (in seconds)."""

    fresh: float = 300.0
    kept: float = 86_400.0
    between: float = 5.0
    between_after_failure: float = 1.0


class ProviderKeys:
    """The provider's public keys by their id."""

    def __init__(self, issuer: str, *, http: httpx.AsyncClient, freshness: Freshness) -> None:
        self._issuer = issuer
        self._http = http
        self._freshness = freshness
        self._asking = asyncio.Lock()
        self._keys: Mapping[str, SigningKey] = {}
        self._provider: Provider | None = None
        self._fetched_at = float("-inf")
        self._next_try_at = float("-inf")
        self._failing = False

    async def find(self, key_id: str) -> tuple[Provider, SigningKey | None]:
        """Return the provider and its key *key_id*, or raise ProviderError if it must be asked."""
        if self._is_due(key_id) and not (key_id in self._keys and self._asking.locked()):
            async with self._asking:
                if self._is_due(key_id):
                    await self._ask()
        if self._provider is None or time.monotonic() > self._fetched_at + self._freshness.kept:
            raise ProviderError("the identity provider has not been reached yet")
        key = self._keys.get(key_id)
        if key is None and self._failing:
            raise ProviderError("the key is unknown and the identity provider is away")
        return self._provider, key

    def _is_due(self, key_id: str) -> bool:
        now = time.monotonic()
        if now < self._next_try_at:
            return False
        return key_id not in self._keys or now > self._fetched_at + self._freshness.fresh

    async def _ask(self) -> None:
        try:
            provider = await discover(self._http, self._issuer)
            document = await read_json(self._http, provider.jwks_uri)
            keys = usable_keys(document.get("keys"))
        except ProviderError as error:
            self._failing = True
            self._next_try_at = time.monotonic() + self._freshness.between_after_failure
            log.warning("identity_provider_away", reason=str(error))
            return
        self._failing = False
        self._provider = provider
        self._keys = {key_id: self._known(key) for key_id, key in keys.items()}
        self._fetched_at = time.monotonic()
        self._next_try_at = self._fetched_at + self._freshness.between

    def _known(self, key: SigningKey) -> SigningKey:
        """Return the object that stands for this key already: what it verified stays verified."""
        before = self._keys.get(key.kid or "")
        same = before is not None and before.as_dict(private=False) == key.as_dict(private=False)
        return before if before is not None and same else key


async def discover(http: httpx.AsyncClient, issuer: str) -> Provider:
    """Read the discovery document of *issuer*, which must name itself the same."""
    document = await read_json(http, issuer.rstrip("/") + DISCOVERY)
    named, jwks_uri, token_endpoint = (
        document.get(name) for name in ("issuer", "jwks_uri", "token_endpoint")
    )
    if not (
        isinstance(named, str) and isinstance(jwks_uri, str) and isinstance(token_endpoint, str)
    ):
        raise ProviderError("the discovery document lacks issuer, jwks_uri or token_endpoint")
    if named.rstrip("/") != issuer.rstrip("/"):
        raise ProviderError("the discovery document names another issuer")
    return Provider(named, jwks_uri, token_endpoint)


async def read_json(http: httpx.AsyncClient, url: str) -> dict[str, object]:
    """Get a JSON object, or raise ProviderError."""
    try:
        answer = await http.get(url)
        answer.raise_for_status()
        document = answer.json()
    except httpx.HTTPStatusError as error:
        raise ProviderError(f"it answered {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderError(f"no usable answer: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise ProviderError("it answered with something else than a JSON object")
    return document


def usable_keys(published: object) -> dict[str, SigningKey]:
    """Return the signing keys among *published*, leaving out what this program cannot use."""
    found: dict[str, SigningKey] = {}
    for each in published if isinstance(published, Iterable) else ():
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        kind = KINDS.get(str(each.get("kty")))
        if kind is None:
            continue
        try:
            key = kind.import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.kid:
            found[key.kid] = key
    if not found:
        raise ProviderError("it publishes no key that can be used")
    return found
