"""The local provider: who gets a token, what it says, and how it keeps its secrets."""

import base64
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt

from deploy.identity.app import ACR, make_app
from deploy.identity.clients import new_client_secrets
from deploy.identity.files import SecretFileError
from deploy.identity.staff import ACCOUNTS
from shared.http.audience import SERVICES, audience_of
from tests.identity import ISSUER, LocalProvider

GRANT = {"grant_type": "client_credentials"}
ALL = [audience_of(each) for each in SERVICES]


def asking(name: str) -> dict[str, str]:
    """Return the form: a service says which other one its token is for."""
    return GRANT | ({"resource": audience_of("referral")} if name in SERVICES else {})


@pytest.fixture
def provider(tmp_path: Path) -> LocalProvider:
    return LocalProvider(tmp_path)


@pytest.fixture
async def http(provider: LocalProvider) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=provider, base_url=ISSUER) as client:
        yield client


async def test_the_discovery_document_leads_to_the_keys(http: httpx.AsyncClient) -> None:
    document = (await http.get("/.well-known/openid-configuration")).json()
    assert document["issuer"] == ISSUER
    [key] = (await http.get(document["jwks_uri"])).json()["keys"]
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert "d" not in key


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_everybody_gets_a_token_that_says_who_they_are(
    provider: LocalProvider, http: httpx.AsyncClient, name: str
) -> None:
    answer = await http.post("/token", data=asking(name), auth=(name, provider.secrets[name]))
    token = jwt.decode(answer.json()["access_token"], provider.key, ["ES256"])
    actor, claims = ACCOUNTS[name].actor, token.claims
    hours = 0.25 if actor.function == "service" else 12
    assert token.header == {"alg": "ES256", "typ": "at+jwt", "kid": provider.key.kid}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["expires_in"] == claims["exp"] - claims["iat"] == hours * 3600
    signed_in = claims.pop("auth_time", None), claims.pop("acr", None)
    service = actor.function == "service"
    assert signed_in == ((None, None) if service else (claims["iat"], ACR))
    assert {each: claims.get(each) for each in claims if each not in ("iat", "exp", "jti")} == {
        "iss": ISSUER,
        "aud": [audience_of("referral")] if service else ALL,
        "sub": name,
        "client_id": name,
        "programme": actor.programme_id,
        "function": actor.function,
        "roles": sorted(actor.roles),
    } | ({"agency": actor.agency_id} if actor.agency_id else {})


async def test_the_secret_may_also_come_in_the_form(
    provider: LocalProvider, http: httpx.AsyncClient
) -> None:
    form = asking("notify") | {"client_id": "notify", "client_secret": provider.secrets["notify"]}
    assert (await http.post("/token", data=form)).status_code == 200


async def test_a_wrong_secret_and_an_unknown_name_get_the_same_answer(
    provider: LocalProvider, http: httpx.AsyncClient
) -> None:
    other = provider.secrets["peer-willow"]
    logins = [("peer-willow", "wrong"), ("nobody", "wrong"), ("nobody", other), ("", "")]
    answers = [await http.post("/token", data=GRANT, auth=login) for login in logins]
    answers.append(await http.post("/token", data=GRANT))
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.content for answer in answers} == {b'{"error":"invalid_client"}'}
    assert all(answer.headers["WWW-Authenticate"].startswith("Basic") for answer in answers)


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"grant_type=password", 400, "unsupported_grant_type"),
        (b"", 400, "unsupported_grant_type"),
        (b"grant_type=client_credentials&grant_type=password", 400, "invalid_request"),
        (b"\xff", 400, "invalid_request"),
        (b"a=" + b"x" * 10_000, 413, "invalid_request"),
        (b"&".join(b"f%d=1" % number for number in range(30)), 400, "invalid_request"),
    ],
)
async def test_a_request_that_is_not_for_client_credentials_is_refused(
    provider: LocalProvider, http: httpx.AsyncClient, content: bytes, status: int, error: str
) -> None:
    login = ("notify", provider.secrets["notify"])
    answer = await http.post("/token", content=content, auth=login)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize("value", ["Basic", "Basic !", "Basic /w==", "Bearer x"])
async def test_an_unreadable_login_is_refused(http: httpx.AsyncClient, value: str) -> None:
    answer = await http.post("/token", data=GRANT, headers={"Authorization": value})
    assert answer.status_code == 401


async def test_a_login_of_strange_characters_is_only_a_wrong_one(http: httpx.AsyncClient) -> None:
    login = base64.b64encode("peer-willow:%ff%00€".encode()).decode()
    answer = await http.post("/token", data=GRANT, headers={"Authorization": f"Basic {login}"})
    assert answer.status_code == 401


def test_the_signing_key_is_kept_for_its_owner_alone(provider: LocalProvider) -> None:
    mode = stat.S_IMODE(provider.settings.signing_key_file.stat().st_mode)
    before = provider.key.kid
    provider.start()
    assert (mode, provider.key.kid) == (0o600, before)


def test_a_rotation_keeps_the_key_before(provider: LocalProvider) -> None:
    before = provider.key.kid
    provider.rotate()
    kept = json.loads(provider.settings.signing_key_file.read_text("utf-8"))["keys"]
    assert provider.key.kid != before
    assert [key["kid"] for key in kept] == [provider.key.kid, before]


@pytest.mark.parametrize("name", ["signing_key_file", "clients_file"])
def test_a_file_of_secrets_that_others_may_read_is_refused(
    provider: LocalProvider, name: str
) -> None:
    Path(getattr(provider.settings, name)).chmod(0o640)
    with pytest.raises(SecretFileError, match=f"IDENTITY_{name.upper()}.*chmod 600"):
        make_app(provider.settings)


@pytest.mark.parametrize("name", ["signing_key_file", "clients_file"])
@pytest.mark.parametrize("content", ["", "[]", "{", '{"keys": []}', '{"keys": [{"kty": "EC"}]}'])
def test_a_damaged_file_of_secrets_is_named_and_not_replaced(
    provider: LocalProvider, name: str, content: str
) -> None:
    file = Path(getattr(provider.settings, name))
    file.write_text(content, "utf-8")
    with pytest.raises(SecretFileError, match=f"IDENTITY_{name.upper()}"):
        make_app(provider.settings)
    assert file.read_text("utf-8") == content


def test_a_missing_file_of_secrets_is_named(provider: LocalProvider) -> None:
    provider.settings.clients_file.unlink()
    with pytest.raises(SecretFileError, match="IDENTITY_CLIENTS_FILE"):
        make_app(provider.settings)


def test_each_account_gets_a_secret_of_its_own() -> None:
    made: dict[str, Any] = {**new_client_secrets()}
    assert made.keys() == ACCOUNTS.keys()
    assert len({*made.values(), *new_client_secrets().values()}) == 2 * len(ACCOUNTS)
    assert all(len(secret) >= 43 for secret in made.values())


@pytest.mark.parametrize("resource", [None, "urn:handoff:everything", "handoff"])
async def test_a_service_gets_a_token_for_one_known_service(
    provider: LocalProvider, http: httpx.AsyncClient, resource: str | None
) -> None:
    form = GRANT | ({"resource": resource} if resource else {})
    answer = await http.post("/token", data=form, auth=("notify", provider.secrets["notify"]))

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_target"})


async def test_a_person_gets_a_token_for_the_one_service_they_name(
    provider: LocalProvider, http: httpx.AsyncClient
) -> None:
    form = GRANT | {"resource": audience_of("notify")}
    login = ("peer-willow", provider.secrets["peer-willow"])
    answer = await http.post("/token", data=form, auth=login)

    token = jwt.decode(answer.json()["access_token"], provider.key, ["ES256"])
    assert token.claims["aud"] == [audience_of("notify")]
