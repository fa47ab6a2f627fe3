"""What a service is told of its provider: the algorithm; and how long any token may live."""

import time
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from deploy.identity.app import discovery
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier, Unauthenticated
from tests.identity import ISSUER, LocalProvider


@pytest.fixture
def provider(tmp_path: Path) -> LocalProvider:
    return LocalProvider(tmp_path)


async def test_a_token_that_lives_longer_than_a_shift_is_refused(
    provider: LocalProvider,
) -> None:
    audience = audience_of("referral")
    verifier = TokenVerifier(issuer=ISSUER, audience=audience, transport=provider)
    now = int(time.time())
    actor = await verifier.verify(provider.forge(exp=now + 12 * 3600))
    assert actor.actor_id == "officer-hemlock"
    with pytest.raises(Unauthenticated, match="longer than 12 hours"):
        await verifier.verify(provider.forge(exp=now + 13 * 3600))


async def test_a_provider_that_signs_by_rsa_is_understood_when_that_is_set(
    provider: LocalProvider,
) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "r1", "alg": "RS256", "use": "sig"})
    documents = {
        "/.well-known/openid-configuration": discovery(ISSUER),
        "/jwks": {"keys": [rsa.as_dict(private=False)]},
    }
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json=documents[request.url.path])
    )
    claims = jwt.decode(provider.forge(), provider.key, ["ES256"])
    head = {"alg": "RS256", "typ": "at+jwt", "kid": "r1"}
    token = jwt.encode(head, claims.claims, rsa, ["RS256"])

    def verifier(*algorithms: str) -> TokenVerifier:
        audience = audience_of("referral")
        return TokenVerifier(
            issuer=ISSUER, audience=audience, algorithms=algorithms, transport=transport
        )

    assert (await verifier("RS256").verify(token)).actor_id == "officer-hemlock"
    with pytest.raises(Unauthenticated, match="algorithm"):
        await verifier("ES256").verify(token)
