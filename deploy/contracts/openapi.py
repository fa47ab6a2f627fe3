"""Each service's OpenAPI document, as its running application gives it."""

import base64
from importlib import import_module
from typing import Any

from fastapi import FastAPI

from deploy.embedded.plan import settings_class

ZERO_KEY = base64.b64encode(bytes(32)).decode()
# Enough to put an application together; it connects to nothing until it is started.
NOWHERE = {
    "port": "1",
    "database_url": "postgresql+asyncpg://nobody:made-up@127.0.0.1/handoff",
    "nats_url": "nats://nobody:made-up@127.0.0.1",
    "oidc_issuer": "http://127.0.0.1",
    "client_secret": "made-up",
    "hash_key": ZERO_KEY,
    "key_encryption_key": ZERO_KEY,
}


def application(service: str) -> FastAPI:
    """Return the whole application of a service, connected to nothing."""
    settings = settings_class(service)
    values = {name: value for name, value in NOWHERE.items() if name in settings.model_fields}
    made: FastAPI = import_module(f"services.{service}.app").make_app(
        settings.model_validate(values)
    )
    return made


def document(service: str) -> dict[str, Any]:
    """Return what the service describes itself as at `/openapi.json`."""
    return application(service).openapi()
