"""A service's own token: asked for once, renewed in time, used on while the provider is away."""

from pathlib import Path
from typing import Any

import pytest

from shared.http.auth import TokenVerifier
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
    headers = await tokens_of(provider).headers("alder-county", purpose=Purpose.SERVICE_DELIVERY)
    bearer = headers.pop("Authorization").removeprefix("Bearer ")
    verifier = TokenVerifier(issuer=ISSUER, audience="handoff", transport=provider)
    assert (await verifier.verify(bearer)).actor_id == "casework"
    assert headers == {
        "Handoff-Programme": "alder-county",
        "Handoff-Purpose": "service_delivery",
    }


async def test_one_token_serves_many_calls(provider: LocalProvider) -> None:
    tokens = tokens_of(provider)
    seen = {(await tokens.headers())["Authorization"] for _ in range(5)}
    assert (len(seen), provider.asked.count("/token")) == (1, 1)


async def test_a_token_is_renewed_before_it_expires(
    provider: LocalProvider,
) -> None:
    now = [1000.0]
    tokens = tokens_of(provider, clock=lambda: now[0])
    first = await tokens.headers()
    now[0] += 15 * 60 - 61
    assert await tokens.headers() == first
    now[0] += 2
    assert await tokens.headers() != first


async def test_a_token_is_used_until_it_expires_while_the_provider_is_away(
    provider: LocalProvider,
) -> None:
    now = [1000.0]
    tokens = tokens_of(provider, clock=lambda: now[0])
    first = await tokens.headers()
    provider.away = True
    now[0] += 15 * 60 - 1
    assert await tokens.headers() == first
    now[0] += 2
    with pytest.raises(TransientError):
        await tokens.headers()
    provider.away = False
    assert await tokens.headers() != first


async def test_a_refused_secret_is_an_error_that_does_not_repeat_it(
    provider: LocalProvider,
) -> None:
    tokens = ServiceTokens(ISSUER, "casework", "made-up-wrong-secret", transport=provider)
    with pytest.raises(TransientError) as refused:
        await tokens.headers()
    assert "made-up-wrong-secret" not in str(refused.value)
