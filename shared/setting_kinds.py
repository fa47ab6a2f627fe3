"""Kinds of settings: what each is for, and what it takes to be one.

What cannot be used is refused without repeating it, since it may be a secret.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes, SecretStr

from shared.http.claims import Claims

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Says:
    """What a setting is for, and what to set it to."""

    what: str
    set_to: str


def url(*schemes: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(tuple(f"{each}://" for each in schemes)):
            raise ValueError("another kind of URL")
        return value

    return AfterValidator(check)


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("not an HTTP URL")
    return value.rstrip("/")


def _from_base64(value: object) -> object:
    return _decoded(value) if isinstance(value, str) else value


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def _key_length(value: SecretBytes) -> SecretBytes:
    if len(value.get_secret_value()) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return value


def keys_of(value: SecretStr) -> tuple[bytes, ...]:
    """Return the keys that a list of them holds.

    Raises:
        ValueError: one of them is no key.
    """
    found = tuple(_decoded(each) for each in value.get_secret_value().split())
    if any(len(each) != KEY_BYTES for each in found):
        raise ValueError("not 32 bytes")
    return found


def _former_keys(value: SecretStr) -> SecretStr:
    keys_of(value)
    return value


def claims(value: str) -> str:
    Claims.model_validate_json(value)
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Key = Annotated[SecretBytes, BeforeValidator(_from_base64), AfterValidator(_key_length)]
Port = Annotated[
    int,
    Field(ge=1, le=65535),
    Says("The port on which the service listens.", "a free port number, 1 to 65535"),
]
KeyEncryptionKey = Annotated[
    Key,
    Says(
        "The key under which the vault wraps its data keys.",
        "base64 of 32 random bytes, as `openssl rand -base64 32` prints them",
    ),
]
FormerKeys = Annotated[
    SecretStr,
    AfterValidator(_former_keys),
    Says(
        "Earlier keys of the vault: they still open what they wrapped, until `handoff rewrap`.",
        "nothing, or one or more keys with blanks between them",
    ),
]
ReferralUrl = Annotated[
    HttpUrl,
    Says(
        "Where the referral service answers: journal and direct calls.",
        "a URL such as http://127.0.0.1:8101",
    ),
]
CaseworkUrl = Annotated[
    HttpUrl,
    Says(
        "Where the casework service answers: journal and direct calls.",
        "a URL such as http://127.0.0.1:8102",
    ),
]
