"""The local OpenID Connect provider: discovery, keys and client-credentials tokens.

For one machine only. Tokens are real ones: production swaps the provider and nothing else.
"""

import base64
import binascii
import time
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl, unquote_plus
from uuid import uuid4

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.identity.clients import Clients, read_client_secrets
from deploy.identity.keys import ALGORITHM, signing_keys
from deploy.identity.settings import IdentitySettings
from deploy.identity.staff import Account
from shared.http.audience import SERVICES, audience_of
from shared.http.claims import SUBMIT_ONLY
from shared.policy.actor import Function

GRANT = "client_credentials"
BODY_LIMIT = 8 * 1024
ACR = "urn:handoff:made-up-secret"  # how everybody here shows who they are
REFERS = "first_responder"


class TokenRefused(Exception):  # noqa: N818 - an answer of RFC 6749, section 5.2, not a fault
    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def make_app(settings: IdentitySettings) -> FastAPI:
    """Build the provider; the signing key is made now if there is none yet."""
    keys = signing_keys(settings.signing_key_file)
    clients = Clients(read_client_secrets(settings.clients_file))
    app = FastAPI(title="Handoff's local identity provider", openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    async def get_discovery() -> dict[str, object]:
        return discovery(settings.issuer)

    @app.get("/jwks")
    async def get_keys() -> dict[str, object]:
        return {"keys": [key.as_dict(private=False) for key in keys]}

    @app.get("/health")
    async def get_health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/token")
    async def post_token(form: Annotated[dict[str, str], Depends(_form)]) -> JSONResponse:
        account = _account(clients, form)
        scope, audience = _scope(account, form), _audience(account, form)
        body = {
            "access_token": access_token(
                account, audience, scope=scope, settings=settings, key=keys[0]
            ),
            "token_type": "Bearer",
            "expires_in": int(account.lifetime.total_seconds()),
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    app.add_exception_handler(TokenRefused, _refuse)
    return app


def discovery(issuer: str) -> dict[str, object]:
    """Return the discovery document; there are no sign-in pages, so no authorization endpoint."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "grant_types_supported": [GRANT],
        "scopes_supported": [SUBMIT_ONLY],
        "acr_values_supported": [ACR],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def access_token(
    account: Account,
    audience: Sequence[str],
    *,
    scope: str | None = None,
    settings: IdentitySettings,
    key: ECKey,
) -> str:
    """Sign an access token (RFC 9068) in real time, whatever the programme's clock says.

    Whoever shows their secret has signed in just now; a service signs in nowhere.
    """
    actor, now = account.actor, int(time.time())
    claims = {
        "iss": settings.issuer,
        "aud": list(audience),
        "sub": actor.actor_id,
        "client_id": actor.actor_id,
        "iat": now,
        "exp": now + int(account.lifetime.total_seconds()),
        "jti": str(uuid4()),
        "programme": actor.programme_id,
        "function": actor.function.value,
        "roles": sorted(actor.roles),
    }
    if actor.agency_id is not None:
        claims["agency"] = actor.agency_id
    if actor.function is not Function.SERVICE:
        claims |= {"auth_time": now, "acr": ACR}
    if scope is not None:
        claims["scope"] = scope
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, claims, key, [ALGORITHM])


def _account(clients: Clients, form: dict[str, str]) -> Account:
    account = clients.account(form.get("client_id", ""), form.get("client_secret", ""))
    if account is None:
        raise TokenRefused("invalid_client", 401)
    if form.get("grant_type") != GRANT:
        raise TokenRefused("unsupported_grant_type")
    return account


def _scope(account: Account, form: dict[str, str]) -> str | None:
    """Return the scope asked for: the only one is that of a session that refers people."""
    asked = form.get("scope")
    if asked is not None and (asked != SUBMIT_ONLY or REFERS not in account.actor.roles):
        raise TokenRefused("invalid_scope")
    return asked


def _audience(account: Account, form: dict[str, str]) -> Sequence[str]:
    """Return for which services the token is to be (RFC 8707): of a service, for one."""
    known = [audience_of(each) for each in SERVICES]
    asked = form.get("resource")
    if asked is None and account.actor.function is not Function.SERVICE:
        return known
    if asked not in known:
        raise TokenRefused("invalid_target")
    return [asked]


async def _form(request: Request) -> dict[str, str]:
    """Return the form's fields, with what HTTP Basic states in place of the client's own."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TokenRefused("invalid_request", 413)
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=20)
    except ValueError:
        raise TokenRefused("invalid_request") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request")  # RFC 6749: no field may come twice
    return form | _basic(request.headers.get("Authorization"))


def _basic(header: str | None) -> dict[str, str]:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenRefused("invalid_client", 401) from None
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


async def _refuse(_: Request, refused: Exception) -> JSONResponse:
    if not isinstance(refused, TokenRefused):
        raise refused
    headers = {"Cache-Control": "no-store"}
    if refused.status == 401:  # noqa: PLR2004 - RFC 6749 names the number
        headers["WWW-Authenticate"] = 'Basic realm="handoff"'
    return JSONResponse({"error": refused.error}, status_code=refused.status, headers=headers)
