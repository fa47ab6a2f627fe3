"""The local identity provider as a test's own: asked in memory, and able to be away."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.identity.app import make_app
from deploy.identity.clients import new_client_secrets
from deploy.identity.files import write_secret
from deploy.identity.keys import rotate, signing_keys
from deploy.identity.settings import IdentitySettings
from shared.http.audience import SERVICES, audience_of

ISSUER = "http://identity.example.org"


class LocalProvider(httpx.AsyncBaseTransport):
    """A provider with its folder; it is also the transport that reaches it."""

    def __init__(self, folder: Path) -> None:
        self.secrets = new_client_secrets()
        self.settings = IdentitySettings(
            issuer=ISSUER,
            signing_key_file=folder / "signing-key.json",
            clients_file=folder / "clients.json",
        )
        write_secret(self.settings.clients_file, json.dumps(self.secrets))
        self.away = False
        self.asked: list[str] = []
        self.start()

    def start(self) -> None:
        """Start it, or start it again with what its files say now."""
        self._app = httpx.ASGITransport(make_app(self.settings))

    def rotate(self) -> None:
        rotate(self.settings.signing_key_file)
        self.start()

    def forget_keys(self) -> None:
        """Start it again with a key that has nothing to do with the earlier ones."""
        self.settings.signing_key_file.unlink()
        self.start()

    @property
    def key(self) -> ECKey:
        """The key that signs at present."""
        return signing_keys(self.settings.signing_key_file)[0]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.away:
            raise httpx.ConnectError("the provider is away", request=request)
        return await self._app.handle_async_request(request)

    async def token(self, name: str, *, service: str | None = None) -> str:
        """Get a token in the way everybody does; for one service, or for all."""
        async with httpx.AsyncClient(transport=self, base_url=ISSUER) as http:
            answer = await http.post(
                "/token",
                data={"grant_type": "client_credentials"}
                | ({"resource": audience_of(service)} if service else {}),
                auth=(name, self.secrets[name]),
            )
        return str(answer.raise_for_status().json()["access_token"])

    def forge(
        self,
        *,
        header: Mapping[str, Any] | None = None,
        key: ECKey | None = None,
        **claims: Any,
    ) -> str:
        """Sign a token with the provider's key and whatever a test wants to be different."""
        now = int(time.time())
        usual = {
            "iss": ISSUER,
            "aud": [audience_of(each) for each in SERVICES],
            "sub": "officer-hemlock",
            "iat": now,
            "exp": now + 600,
            "auth_time": now,
            "jti": str(uuid4()),
            "programme": "alder-county",
            "function": "enforcement",
            "roles": ["first_responder"],
        }
        stated = {name: each for name, each in (usual | claims).items() if each is not None}
        top = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid} | dict(header or {})
        used = {name: each for name, each in top.items() if each is not None}
        return jwt.encode(used, stated, key or self.key, ["ES256"], default_type=None)
