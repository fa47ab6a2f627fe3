"""The provider's signing keys: made on first start, the newest signs, all are published.

Rotation puts a new key in front and keeps the old one, so that tokens signed with it stay good.
"""

import json
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from deploy.identity.files import SecretFileError, read_secret, write_secret

ALGORITHM = "ES256"
KEPT = 2
SETTING = "IDENTITY_SIGNING_KEY_FILE"


def signing_keys(path: Path) -> list[ECKey]:
    """Read the keys at *path*, newest first; make the first one when there is no file."""
    if not path.exists():
        return rotate(path)
    return _read(path)


def rotate(path: Path) -> list[ECKey]:
    """Put a new key in front of those at *path*; a provider started from now on signs with it."""
    older = _read(path) if path.exists() else []
    keys = [_new_key(), *older][:KEPT]
    write_secret(path, json.dumps({"keys": [key.as_dict(private=True) for key in keys]}))
    return keys


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def _read(path: Path) -> list[ECKey]:
    content = read_secret(path, setting=SETTING)
    try:
        keys = [ECKey.import_key(each) for each in json.loads(content)["keys"]]
    except (ValueError, TypeError, KeyError, JoseError) as error:
        raise SecretFileError(f"{SETTING} names the file {path}, which holds no keys.") from error
    if not keys or not all(key.is_private for key in keys):
        raise SecretFileError(f"{SETTING} names the file {path}, which holds no private key.")
    return keys
