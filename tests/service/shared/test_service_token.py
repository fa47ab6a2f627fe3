"""A service's own token: asked for once, renewed in time, used on while the provider is away."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from deploy.identity.app import discovery
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier, Unauthenticated
from shared.http.service_token import ServiceTokens
from shared.messaging.errors import TransientError
from shared.policy.actor import Purpose
from tests.identity import ISSUER, LocalProvider


@pytest.fixture
def provider(tmp_path: Path) -> LocalProvider:
    return LocalProvider(tmp_path)


def tokens_of(provider: LocalProvider, **options: Any) -> ServiceTokens:
    secret = provider.secrets["casework"]
    return ServiceTokens(ISSUER, "casework", secret, transport=provider, **options)


async def test_a_direct_call_says_who_calls_for_which_programme_and_why(
    provider: LocalProvider,
) -> None:
    headers = await tokens_of(provider).headers(
        "referral", "alder-county", purpose=Purpose.SERVICE_DELIVERY
    )
    bearer = headers.pop("Authorization").removeprefix("Bearer ")
    verifier = TokenVerifier(issuer=ISSUER, audience=audience_of("referral"), transport=provider)
    assert (await verifier.verify(bearer)).actor_id == "casework"
    assert headers == {
        "Handoff-Programme": "alder-county",
        "Handoff-Purpose": "service_delivery",
    }


async def test_one_token_serves_many_calls(provider: LocalProvider) -> None:
    tokens = tokens_of(provider)
    seen = {(await tokens.headers("referral"))["Authorization"] for _ in range(5)}
    assert (len(seen), provider.asked.count("/token")) == (1, 1)


async def test_a_token_is_renewed_before_it_expires(
    provider: LocalProvider,
) -> None:
    now = [1000.0]
    tokens = tokens_of(provider, clock=lambda: now[0])
    first = await tokens.headers("referral")
    now[0] += 15 * 60 - 61
    assert await tokens.headers("referral") == first
    now[0] += 2
    assert await tokens.headers("referral") != first


async def test_a_token_is_used_until_it_expires_while_the_provider_is_away(
    provider: LocalProvider,
) -> None:
    now = [1000.0]
    tokens = tokens_of(provider, clock=lambda: now[0])
    first = await tokens.headers("referral")
    provider.away = True
    now[0] += 15 * 60 - 1
    assert await tokens.headers("referral") == first
    now[0] += 2
    with pytest.raises(TransientError):
        await tokens.headers("referral")
    provider.away = False
    assert await tokens.headers("referral") != first


async def test_a_refused_secret_is_an_error_that_does_not_repeat_it(
    provider: LocalProvider,
) -> None:
    tokens = ServiceTokens(ISSUER, "casework", "made-up-wrong-secret", transport=provider)
    with pytest.raises(TransientError) as refused:
        await tokens.headers("referral")
    assert "made-up-wrong-secret" not in str(refused.value)


async def test_what_is_sent_to_one_service_opens_no_other(provider: LocalProvider) -> None:
    tokens = tokens_of(provider)
    sent = (await tokens.headers("referral"))["Authorization"].removeprefix("Bearer ")
    elsewhere = TokenVerifier(issuer=ISSUER, audience=audience_of("casework"), transport=provider)

    with pytest.raises(Unauthenticated, match="another audience"):
        await elsewhere.verify(sent)

    other = (await tokens.headers("casework"))["Authorization"].removeprefix("Bearer ")
    assert (await elsewhere.verify(other)).actor_id == "casework"


async def test_a_provider_may_want_to_be_told_otherwise_for_whom_it_is() -> None:
    forms = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/token":
            return httpx.Response(200, json=discovery(ISSUER))
        forms.append(dict(parse_qsl(request.content.decode())))
        return httpx.Response(200, json={"access_token": "made-up", "expires_in": 60})

    tokens = ServiceTokens(
        ISSUER,
        "casework",
        "made-up",
        audience_prefix="api://handoff-",
        audience_parameter="audience",
        transport=httpx.MockTransport(answer),
    )
    await tokens.headers("referral")

    assert forms == [{"grant_type": "client_credentials", "audience": "api://handoff-referral"}]
