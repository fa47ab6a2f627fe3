"""`handoff token inspect` says what a service would make of a token, and never shows the token."""

import time
from pathlib import Path
from typing import Any

import pytest
from pytest import CaptureFixture  # noqa: PT013 - a type

from deploy.cli import inspecting
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from shared.http.claims import Claims
from tests.identity import ISSUER, LocalProvider


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalProvider:
    """The local provider, which the command asks in memory."""
    provider = LocalProvider(tmp_path)

    def verifier(**options: Any) -> TokenVerifier:
        return TokenVerifier(**options, transport=provider)

    monkeypatch.setattr(inspecting, "TokenVerifier", verifier)
    monkeypatch.setenv("COLUMNS", "200")
    return provider


async def said(token: str, capsys: CaptureFixture[str], **names: Any) -> tuple[bool, str]:
    accepted = await inspecting.inspected(
        token, issuer=ISSUER, audience=audience_of("referral"), names=Claims(**names)
    )
    text = capsys.readouterr().out
    assert token not in text
    assert token.rpartition(".")[2] not in text or not token.rpartition(".")[2]
    return accepted, text


async def test_a_good_token_is_told_in_words(
    provider: LocalProvider, capsys: CaptureFixture[str]
) -> None:
    accepted, text = await said(await provider.token("officer-hemlock"), capsys)

    assert accepted
    for line in ("officer-hemlock", "alder-county", "hemlock-police", "enforcement", "Accepted"):
        assert line in text
    assert "0 h 0 min" in text


async def test_a_refused_token_is_told_with_the_reason_and_what_it_says(
    provider: LocalProvider, capsys: CaptureFixture[str]
) -> None:
    expired = provider.forge(exp=int(time.time()) - 3600, roles=["first_responder", "choir"])

    accepted, text = await said(expired, capsys)

    assert not accepted
    assert "Refused: The token has expired." in text
    assert "1 h 0 min" in text
    assert "of no meaning here" in text
    assert "choir" in text


async def test_a_claim_that_is_missing_is_named(
    provider: LocalProvider, capsys: CaptureFixture[str]
) -> None:
    accepted, text = await said(provider.forge(), capsys, roles="/realm_access/roles")
    assert accepted
    assert "roles" in text
    accepted, text = await said(provider.forge(), capsys, programme="county")
    assert not accepted
    assert "The token's claim county is missing or not a name." in text


async def test_a_session_that_only_submits_is_said_to_be_that(
    provider: LocalProvider, capsys: CaptureFixture[str]
) -> None:
    _, text = await said(provider.forge(scope="handoff.submit"), capsys)

    assert "refers people, and nothing else" in text


@pytest.mark.parametrize("rubbish", ["", "a", "a.b.c", "[bold]x[/]", "ä" * 40])
async def test_what_is_no_token_is_said_to_be_none(
    provider: LocalProvider, capsys: CaptureFixture[str], rubbish: str
) -> None:
    assert provider.asked == []
    accepted = await inspecting.inspected(
        rubbish, issuer=ISSUER, audience=audience_of("referral"), names=Claims()
    )

    assert not accepted
    assert capsys.readouterr().out == "Refused: The token is not a signed token (JWT).\n"
