"""A token becomes an actor, or a 401 that says why; the provider may be away meanwhile."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier, Unauthenticated
from shared.http.oidc import Freshness
from shared.http.problems import Unavailable
from shared.policy.actor import Actor, Function
from tests.identity import ISSUER, LocalProvider

ALWAYS_ASK = Freshness(fresh=-1, between=0, between_after_failure=0)
ASK_FOR_UNKNOWN = Freshness(between=0, between_after_failure=0)


@pytest.fixture
def provider(tmp_path: Path) -> LocalProvider:
    return LocalProvider(tmp_path)


@pytest.fixture
async def verifier(provider: LocalProvider) -> AsyncIterator[TokenVerifier]:
    verifies = make_verifier(provider)
    yield verifies
    await verifies.aclose()


def make_verifier(provider: LocalProvider, **options: Any) -> TokenVerifier:
    return TokenVerifier(
        issuer=ISSUER, audience=audience_of("referral"), transport=provider, **options
    )


async def test_a_member_of_staff_is_who_the_token_says(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    assert await verifier.verify(await provider.token("officer-hemlock")) == Actor(
        actor_id="officer-hemlock",
        function=Function.ENFORCEMENT,
        programme_id="alder-county",
        agency_id="hemlock-police",
        roles=frozenset({"first_responder"}),
    )


async def test_a_service_is_a_service_of_every_programme(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    actor = await verifier.verify(await provider.token("casework", service="referral"))
    assert (actor.actor_id, actor.function, actor.programme_id) == (
        "casework",
        Function.SERVICE,
        "*",
    )


NOW = int(time.time())
WRONG_CLAIMS = [
    ({"exp": NOW - 3600}, "expired"),
    ({"exp": None}, "lacks"),
    ({"exp": "tomorrow"}, "not valid"),
    ({"exp": float("nan")}, "not valid"),
    ({"nbf": NOW + 3600}, "not valid yet"),
    ({"iat": NOW + 3600}, "future"),
    ({"aud": "another"}, "another audience"),
    ({"aud": ["one", "two"]}, "another audience"),
    ({"aud": None}, "lacks"),
    ({"iss": "http://elsewhere.example.org"}, "somebody else"),
    ({"iss": None}, "lacks"),
    ({"sub": None}, "lacks"),
    ({"sub": ""}, "not valid|sub"),
    ({"sub": "a\nb"}, "claim sub"),
    ({"sub": "x" * 201}, "claim sub"),
    ({"programme": None}, "claim programme"),
    ({"programme": "*"}, "names no programme"),
    ({"function": None}, "claim function"),
    ({"function": "janitor"}, "claim function"),
    ({"roles": "peer"}, "claim roles"),
    ({"roles": [1]}, "claim roles"),
    ({"agency": 7}, "claim agency"),
]


@pytest.mark.parametrize(("claims", "why"), WRONG_CLAIMS)
async def test_a_token_with_a_wrong_claim_is_refused(
    provider: LocalProvider, verifier: TokenVerifier, claims: dict[str, Any], why: str
) -> None:
    with pytest.raises(Unauthenticated, match=why):
        await verifier.verify(provider.forge(**claims))


WRONG_HEADERS = [
    ({"typ": "JWT"}, "not an access token"),
    ({"typ": None}, "not an access token"),
    ({"kid": None}, "does not name the key"),
    ({"kid": "another"}, "does not have"),
    ({"crit": ["exp"], "exp": 1}, "extension"),
]


@pytest.mark.parametrize(("header", "why"), WRONG_HEADERS)
async def test_a_token_with_a_wrong_header_is_refused(
    provider: LocalProvider, verifier: TokenVerifier, header: dict[str, Any], why: str
) -> None:
    await verifier.verify(provider.forge())
    with pytest.raises(Unauthenticated, match=why):
        await verifier.verify(rewritten(provider.forge(), header))


async def test_an_unknown_critical_extension_is_refused_though_the_signature_fits(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    head = {"alg": "ES256", "typ": "at+jwt", "kid": provider.key.kid}
    signed = signed_by_hand(provider, head | {"crit": ["x-new"], "x-new": True})
    with pytest.raises(Unauthenticated, match="extension"):
        await verifier.verify(signed)
    assert (await verifier.verify(signed_by_hand(provider, head))).actor_id == "officer-hemlock"


async def test_an_unsigned_token_is_refused(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    head, body, _ = rewritten(provider.forge(), {"alg": "none"}).split(".")
    for token in (f"{head}.{body}.", f"{head}.{body}.AAAA"):
        with pytest.raises(Unauthenticated, match="algorithm"):
            await verifier.verify(token)


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    head = encoded({"alg": "HS256", "typ": "at+jwt", "kid": provider.key.kid})
    _, body, _ = provider.forge().split(".")
    public_key = provider.key.as_pem(private=False)
    signature = hmac.digest(public_key, f"{head}.{body}".encode(), "sha256")
    confused = f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    with pytest.raises(Unauthenticated, match="algorithm"):
        await verifier.verify(confused)


async def test_rsa_signatures_are_refused_unless_configured(provider: LocalProvider) -> None:
    rsa = RSAKey.generate_key(2048)
    head = {"alg": "RS256", "typ": "at+jwt", "kid": provider.key.kid}
    token = jwt.encode(head, {"sub": "officer-hemlock"}, rsa, ["RS256"])
    with pytest.raises(Unauthenticated, match="algorithm"):
        await make_verifier(provider).verify(token)
    with pytest.raises(Unauthenticated, match="does not have"):
        await make_verifier(provider, algorithms=["ES256", "RS256"]).verify(token)


@pytest.mark.parametrize("algorithms", [[], ["none"], ["HS256"], ["ES256", "HS256"]])
def test_a_verifier_cannot_be_told_to_accept_weak_algorithms(algorithms: list[str]) -> None:
    with pytest.raises(ValueError, match="Only these"):
        TokenVerifier(issuer=ISSUER, audience=audience_of("referral"), algorithms=algorithms)


async def test_somebody_elses_signature_under_a_known_key_id_is_refused(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    stranger = ECKey.generate_key("P-256")
    with pytest.raises(Unauthenticated, match="signature"):
        await verifier.verify(provider.forge(key=stranger))


async def test_a_changed_token_is_refused(provider: LocalProvider, verifier: TokenVerifier) -> None:
    head, body, signature = provider.forge().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = encoded(claims | {"function": "care"})
    with pytest.raises(Unauthenticated, match="signature"):
        await verifier.verify(f"{head}.{other}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "e30.e30.e30",
        "W10.W10.W10",
        "é",
        "x" * 9000,
        "\x00.\x00.\x00",
    ],
)
async def test_garbage_is_refused_and_never_repeated(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(token)
    if len(token) > 3:
        assert token not in json.dumps(refused.value.body())


async def test_a_refusal_says_how_to_authenticate(verifier: TokenVerifier) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify("nonsense")
    response = refused.value.response()
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_the_first_token_after_a_key_rotation_is_accepted(provider: LocalProvider) -> None:
    verifier = make_verifier(provider, freshness=ASK_FOR_UNKNOWN)
    before = await provider.token("peer-willow")
    await verifier.verify(before)
    provider.rotate()
    after = await provider.token("peer-willow")
    assert (await verifier.verify(after)).actor_id == "peer-willow"
    assert (await verifier.verify(before)).actor_id == "peer-willow"


async def test_a_key_that_was_withdrawn_is_refused_once_the_keys_are_no_longer_fresh(
    provider: LocalProvider,
) -> None:
    verifier = make_verifier(provider, freshness=ALWAYS_ASK)
    before = await provider.token("peer-willow")
    await verifier.verify(before)
    provider.forget_keys()
    with pytest.raises(Unauthenticated, match="does not have"):
        await verifier.verify(before)


async def test_unknown_key_ids_do_not_make_us_ask_the_provider_again_and_again(
    provider: LocalProvider, verifier: TokenVerifier
) -> None:
    for number in range(50):
        with pytest.raises(Unauthenticated):
            await verifier.verify(rewritten(provider.forge(), {"kid": f"made-up-{number}"}))
    assert provider.asked.count("/jwks") == 1


async def test_known_keys_keep_serving_while_the_provider_is_away(provider: LocalProvider) -> None:
    verifier = make_verifier(provider, freshness=ALWAYS_ASK)
    token = await provider.token("manager-fern")
    await verifier.verify(token)
    provider.away = True
    for _ in range(3):
        assert (await verifier.verify(token)).actor_id == "manager-fern"


async def test_known_keys_do_not_serve_for_ever(provider: LocalProvider) -> None:
    verifier = make_verifier(provider, freshness=Freshness(kept=-1))
    with pytest.raises(Unavailable):
        await verifier.verify(provider.forge())


async def test_without_any_keys_yet_the_answer_is_to_try_again(provider: LocalProvider) -> None:
    verifier = make_verifier(provider, freshness=ASK_FOR_UNKNOWN)
    token = await provider.token("manager-fern")
    provider.away = True
    with pytest.raises(Unavailable):
        await verifier.verify(token)
    provider.away = False
    assert (await verifier.verify(token)).actor_id == "manager-fern"


async def test_an_unknown_key_while_the_provider_is_away_is_not_called_invalid(
    provider: LocalProvider,
) -> None:
    verifier = make_verifier(provider, freshness=ASK_FOR_UNKNOWN)
    await verifier.verify(provider.forge())
    provider.rotate()
    provider.away = True
    with pytest.raises(Unavailable):
        await verifier.verify(provider.forge())


async def test_a_provider_that_names_itself_differently_is_not_trusted(
    provider: LocalProvider,
) -> None:
    token = provider.forge()
    verifier = TokenVerifier(
        issuer="http://other.example.org", audience=audience_of("referral"), transport=provider
    )
    with pytest.raises(Unavailable):
        await verifier.verify(token)


WHERE = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", "token_endpoint": f"{ISSUER}/token"}
USELESS = [{"kty": "none"}, {"kty": "EC"}, {"kty": []}, {"kty": "oct", "k": "AA", "kid": "a"}, 7]


@pytest.mark.parametrize(
    ("discovery", "keys"),
    [
        (httpx.Response(500), httpx.Response(200)),
        (httpx.Response(302, headers={"Location": "http://x.example.org"}), httpx.Response(200)),
        (httpx.Response(200, text="<html>"), httpx.Response(200)),
        (httpx.Response(200, json=[]), httpx.Response(200)),
        (httpx.Response(200, json={"issuer": ISSUER}), httpx.Response(200)),
        (httpx.Response(200, json=WHERE | {"jwks_uri": "no url"}), httpx.Response(200)),
        (httpx.Response(200, json=WHERE), httpx.Response(404)),
        (httpx.Response(200, json=WHERE), httpx.Response(200, json={})),
        (httpx.Response(200, json=WHERE), httpx.Response(200, json={"keys": "none"})),
        (httpx.Response(200, json=WHERE), httpx.Response(200, json={"keys": USELESS})),
    ],
)
async def test_a_provider_that_answers_nonsense_is_like_one_that_is_away(
    provider: LocalProvider, discovery: httpx.Response, keys: httpx.Response
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return discovery if "well-known" in request.url.path else keys

    verifier = TokenVerifier(
        issuer=ISSUER, audience=audience_of("referral"), transport=httpx.MockTransport(answer)
    )
    with pytest.raises(Unavailable):
        await verifier.verify(provider.forge())


async def test_keys_that_we_cannot_use_do_not_hide_the_one_that_we_can(
    provider: LocalProvider,
) -> None:
    published = [*USELESS, {**provider.key.as_dict(private=False)}]

    def answer(request: httpx.Request) -> httpx.Response:
        found = WHERE if "well-known" in request.url.path else {"keys": published}
        return httpx.Response(200, json=found)

    verifier = TokenVerifier(
        issuer=ISSUER, audience=audience_of("referral"), transport=httpx.MockTransport(answer)
    )
    assert (await verifier.verify(provider.forge())).actor_id == "officer-hemlock"


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def rewritten(token: str, header: dict[str, Any]) -> str:
    """Change the header of *token*, leaving body and signature."""
    head, rest = token.split(".", maxsplit=1)
    stated = json.loads(base64.urlsafe_b64decode(head + "==")) | header
    return f"{encoded({k: v for k, v in stated.items() if v is not None})}.{rest}"


def signed_by_hand(provider: LocalProvider, header: dict[str, Any]) -> str:
    """Sign with the provider's key and a header that the library would not write."""
    _, body, _ = provider.forge().split(".")
    text = f"{encoded(header)}.{body}"
    key = provider.key
    signature = JWSRegistry.algorithms["ES256"].sign(text.encode(), key)
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


async def test_a_token_that_was_seen_before_still_expires(
    provider: LocalProvider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await provider.token("officer-hemlock")
    await verifier.verify(token)
    monkeypatch.setattr("shared.http.auth.time.time", lambda: time.monotonic() + 10**10)
    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.verify(token)


async def test_a_token_that_was_seen_before_ends_with_its_key(provider: LocalProvider) -> None:
    verifier = make_verifier(provider, freshness=ALWAYS_ASK)
    token = await provider.token("officer-hemlock")
    await verifier.verify(token)
    provider.forget_keys()
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)
    await verifier.aclose()


async def test_no_more_tokens_are_remembered_than_a_limit(
    provider: LocalProvider, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.auth.KNOWN_TOKENS", 2)
    for name in ("officer-hemlock", "manager-fern", "peer-willow", "officer-hemlock"):
        assert (await verifier.verify(await provider.token(name))).actor_id == name
    assert len(verifier._known) == 2


async def test_a_token_is_not_verified_again_because_the_same_keys_were_fetched_again(
    provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = make_verifier(provider, freshness=ALWAYS_ASK)
    token = await provider.token("officer-hemlock")
    seen = await verifier.verify(token)
    monkeypatch.delattr("shared.http.auth.jwt.decode")
    assert await verifier.verify(token) == seen
    await verifier.aclose()
