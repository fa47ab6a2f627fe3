"""Who is asking: an access token (RFC 9068) becomes an actor, or the answer is 401.

The algorithms are ours to choose, never the token's; time is real time, whatever the programme's
clock says. No answer and no log line repeats any part of a token.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

import httpx
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import JWTClaimsRegistry

from shared.http.claims import Claims, UnusableClaimError
from shared.http.oidc import (
    TIMEOUT_SECONDS,
    Freshness,
    ProviderError,
    ProviderKeys,
    SigningKey,
)
from shared.http.problems import Problem, Unavailable
from shared.policy.actor import Actor

ALGORITHMS = ("ES256",)
SUPPORTED = frozenset({"ES256", "RS256"})
TOKEN_TYPES = frozenset({"at+jwt", "application/at+jwt"})
LEEWAY_SECONDS = 10
FRESH_SECONDS = 300  # for what must not be done at a desk that somebody has left
LONGEST_TOKEN = 8 * 1024
LONGEST_LIFE_SECONDS = 12 * 3600  # a shift: no token can be withdrawn before it ends
KNOWN_TOKENS = 1000


class Unauthenticated(Problem):
    status = 401
    type = "/problems/unauthenticated"
    title = "The access token is missing or not valid"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class AuthenticationTooOld(Unauthenticated):
    """What is asked for needs somebody who has just shown who they are (RFC 9470)."""

    type = "/problems/authentication-too-old"
    title = "Sign in again, then send the same request with the new token"
    headers = MappingProxyType(
        {
            "WWW-Authenticate": (
                'Bearer error="insufficient_user_authentication",'
                f' error_description="Sign in again", max_age="{FRESH_SECONDS}"'
            )
        }
    )


def check_fresh(actor: Actor) -> None:
    """Return if *actor* has signed in within the last minutes, by real time.

    Raises:
        AuthenticationTooOld: longer ago, or nobody knows when.
    """
    at = actor.authenticated_at
    if at is None or time.time() - at.timestamp() > FRESH_SECONDS + LEEWAY_SECONDS:
        raise AuthenticationTooOld(
            f"This needs a sign-in of the last {FRESH_SECONDS // 60} minutes (claim auth_time)."
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """A token whose signature was right: by which algorithm and key, and what it claims."""

    signed_by: tuple[str, str]
    key: SigningKey
    claims: dict[str, object]


class TokenVerifier:
    """Verifies the access tokens of one provider for one audience."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        claims: Claims | None = None,
        algorithms: Collection[str] = ALGORITHMS,
        freshness: Freshness | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if not algorithms or not SUPPORTED.issuperset(algorithms):
            raise ValueError(f"Only these algorithms can be accepted: {sorted(SUPPORTED)}.")
        self._audience = audience
        self._claims = claims or Claims()
        self._algorithms = frozenset(algorithms)
        self._registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, transport=transport)
        self._known: dict[bytes, _Known] = {}  # by a hash: a token is not kept
        self._keys = ProviderKeys(issuer, http=self._http, freshness=freshness or Freshness())

    async def verify(self, token: str) -> Actor:
        """Return whose *token* it is, or raise Unauthenticated (Unavailable: no keys yet).

        Its signature is checked once for as long as the provider's keys are the same; whether it
        has expired, each time.
        """
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        algorithm, key_id = known.signed_by if known else self._header(token)
        try:
            provider, key = await self._keys.find(key_id)
        except ProviderError:
            raise Unavailable("The identity provider cannot be reached to check tokens.") from None
        if known is not None and known.key is key:
            self._check(known.claims, issuer=provider.issuer)
            return self._actor(known.claims)
        known = self._verified(token, (algorithm, key_id), key)
        self._check(known.claims, issuer=provider.issuer)
        actor = self._actor(known.claims)
        self._remember(digest, known)
        return actor

    def _actor(self, claims: Mapping[str, object]) -> Actor:
        try:
            return self._claims.actor(claims)
        except UnusableClaimError as error:
            raise Unauthenticated(str(error)) from None

    def _remember(self, digest: bytes, known: _Known) -> None:
        self._known.pop(digest, None)
        if len(self._known) >= KNOWN_TOKENS:
            del self._known[next(iter(self._known))]  # the oldest
        self._known[digest] = known

    def _verified(self, token: str, signed_by: tuple[str, str], key: SigningKey | None) -> "_Known":
        algorithm, _ = signed_by
        if key is None or key.get("alg", algorithm) != algorithm:
            raise Unauthenticated("The token is signed with a key that the provider does not have.")
        try:
            claims = jwt.decode(token, key, registry=self._registry).claims
        except (JoseError, ValueError):
            raise Unauthenticated("The token's signature is not valid.") from None
        return _Known(signed_by, key, claims)

    async def aclose(self) -> None:
        await self._http.aclose()

    def _header(self, token: str) -> tuple[str, str]:
        """Return algorithm and key id of a token that is worth asking for a key."""
        header = _read_header(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._algorithms:
            raise Unauthenticated("The token is signed with an algorithm that is not accepted.")
        if "crit" in header or "b64" in header:
            raise Unauthenticated("The token requires an extension that is not understood.")
        if str(header.get("typ")).lower() not in TOKEN_TYPES:
            raise Unauthenticated("The token is not an access token (typ at+jwt).")
        if not isinstance(key_id, str):
            raise Unauthenticated("The token does not name the key it is signed with.")
        return algorithm, key_id

    def _check(self, claims: dict[str, object], *, issuer: str) -> None:
        registry = JWTClaimsRegistry(
            now=lambda: int(time.time()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            registry.validate(claims)
        except ExpiredTokenError:
            raise Unauthenticated("The token has expired.") from None
        except MissingClaimError:
            raise Unauthenticated("The token lacks one of iss, aud, sub and exp.") from None
        except ClaimError as error:
            raise Unauthenticated(WRONG.get(error.claim, "A claim is not valid.")) from None
        _check_life(claims["exp"])


def _check_life(expires: object) -> None:
    if not isinstance(expires, int | float) or (
        expires - time.time() > LONGEST_LIFE_SECONDS + LEEWAY_SECONDS
    ):
        raise Unauthenticated("The token lives longer than 12 hours, and nobody can end it.")


WRONG = {
    "iss": "The token was issued by somebody else.",
    "aud": "The token is meant for another audience.",
    "nbf": "The token is not valid yet.",
    "iat": "The token was issued in the future.",
}


def _read_header(token: str) -> Mapping[str, object]:
    if len(token) > LONGEST_TOKEN:
        raise Unauthenticated("The token is too long.")
    try:
        header: object = extract_compact(token.encode("ascii")).protected
    except (JoseError, ValueError, RecursionError):
        raise Unauthenticated("The token is not a signed token (JWT).") from None
    if not isinstance(header, dict):
        raise Unauthenticated("The token is not a signed token (JWT).")
    return header
