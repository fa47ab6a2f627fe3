"""Whose secret opens which account.

In this provider a member of staff is an OAuth client with a secret, which no real provider would
do: it exists so that the real token path is used before there are sign-in pages.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.identity.files import SecretFileError, read_secret
from deploy.identity.staff import ACCOUNTS, Account

SETTING = "IDENTITY_CLIENTS_FILE"


def new_client_secrets() -> dict[str, str]:
    """Return a fresh secret for every account."""
    return {name: secrets.token_urlsafe(32) for name in ACCOUNTS}


def read_client_secrets(path: Path) -> dict[str, str]:
    """Read the secrets at *path*: a JSON object of account name and secret."""
    content = read_secret(path, setting=SETTING)
    wrong = f"{SETTING} names the file {path}, which is no JSON object of names and secrets."
    try:
        found = json.loads(content)
    except ValueError as error:
        raise SecretFileError(wrong) from error
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise SecretFileError(wrong)
    return found


class Clients:
    """Knows the accounts' secrets; an unknown name takes as long as a wrong secret."""

    def __init__(self, client_secrets: Mapping[str, str]) -> None:
        self._secrets = {name: secret for name, secret in client_secrets.items() if secret}
        self._nobody = secrets.token_urlsafe(32)

    def account(self, client_id: str, client_secret: str) -> Account | None:
        """Return the account that *client_secret* opens, or None."""
        expected = self._secrets.get(client_id, self._nobody)
        same = hmac.compare_digest(expected.encode(), client_secret.encode())
        return ACCOUNTS.get(client_id) if same and client_id in self._secrets else None
