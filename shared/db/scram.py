"""What PostgreSQL stores instead of a password, made here so that no server log sees one."""

import hashlib
import hmac
import secrets
from base64 import b64encode

ITERATIONS = 4096  # PostgreSQL's own default


def verifier(password: str, *, salt: bytes | None = None) -> str:
    """Return the SCRAM-SHA-256 verifier (RFC 5803) of *password*.

    Raises:
        ValueError: the password is empty or not printable ASCII, which alone needs no preparation.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise ValueError("a database password must be printable ASCII, at least one character")
    salt = salt or secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = b64encode(hashlib.sha256(client_key).digest()).decode()
    server_key = b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${ITERATIONS}:{b64encode(salt).decode()}${stored_key}:{server_key}"
