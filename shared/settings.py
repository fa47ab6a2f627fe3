"""Settings of a service: read once at start from the environment or from secret files, then frozen.

What is missing or wrong ends in one sentence that names the variable and says what to set; no
sentence repeats a value, since it may be a secret.
"""

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.http.audience import PREFIX as AUDIENCE_PREFIX
from shared.setting_kinds import HttpUrl, Key, Port, Says, claims, url

SECRETS_DIR = "HANDOFF_SECRETS_DIR"


class SettingsError(Exception):
    """A setting, or a file that is read at the start, is missing or wrong.

    The text is one sentence that says which and what to do.
    """


class ServiceSettings(BaseSettings):
    """What every service needs; each subclass names its prefix and adds what only it needs."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: Annotated[
        str, Says("The address on which the service listens.", "an address such as 127.0.0.1")
    ] = "127.0.0.1"
    port: Port
    database_url: Annotated[
        SecretStr,
        url("postgresql+asyncpg"),
        Says(
            "PostgreSQL, with the login of the service's `app` role.",
            "a URL such as postgresql+asyncpg://user:password@host/handoff",
        ),
    ]
    nats_url: Annotated[
        SecretStr,
        url("nats", "tls"),
        Says(
            "NATS, with the login of the service's own user.",
            "a URL such as nats://user:password@host:8122",
        ),
    ]
    oidc_issuer: Annotated[
        HttpUrl,
        Says(
            "The OpenID provider whose tokens are trusted.",
            "the provider's issuer, a URL such as https://login.example.org",
        ),
    ]
    oidc_audience_prefix: Annotated[
        str,
        Field(min_length=1),
        Says(
            "What a token's audience begins with; the name of the service it is for follows.",
            "the same at every service, such as urn:handoff: or api://handoff-",
        ),
    ] = AUDIENCE_PREFIX
    oidc_audience_parameter: Annotated[
        Literal["resource", "audience"],
        Says(
            "How the provider wants to be told which service a token is to be for.",
            "resource (RFC 8707) or audience",
        ),
    ] = "resource"
    oidc_algorithm: Annotated[
        Literal["ES256", "RS256"],
        Says("By which algorithm the provider signs; no other is accepted.", "ES256 or RS256"),
    ] = "ES256"
    oidc_claims: Annotated[
        str,
        AfterValidator(claims),
        Says(
            "Which claims of the provider's tokens say who somebody is, and its words for roles.",
            'JSON such as {"roles": "/realm_access/roles", "role_names": {"ho-peers": "peer"}}',
        ),
    ] = "{}"
    client_secret: Annotated[
        SecretStr,
        Says(
            "The service's own secret at the OpenID provider (its client id is its name).",
            "the secret that the provider gave for this service",
        ),
    ]
    hash_key: Annotated[
        Key,
        Says(
            "The key of fingerprints (repeated requests are known by them).",
            "base64 of 32 random bytes, as `openssl rand -base64 32` prints them",
        ),
    ]
    requests_per_minute: Annotated[
        int,
        Field(ge=1),
        Says("How often one person may ask in a minute.", "a number such as 600"),
    ] = 600
    unknown_per_minute: Annotated[
        int,
        Field(ge=1),
        Says(
            "How often in a minute one address may ask without a valid token.",
            "a number such as 60",
        ),
    ] = 60
    movable_clock: Annotated[
        bool,
        Says("Whether the clock may be moved: demo and test databases only.", "true or false"),
    ] = False
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Says("From which level on to log.", "debug, info, warning or error"),
    ] = "info"


S = TypeVar("S", bound=ServiceSettings)


def load(cls: type[S]) -> S:
    """Read the settings of one service.

    Raises:
        SettingsError: one sentence on every setting that is missing, wrong or unknown.
    """
    folder = os.environ.get(SECRETS_DIR) or None
    if folder is not None and not Path(folder).is_dir():
        raise SettingsError(f"{SECRETS_DIR} is not a folder: set it to one, or unset it.")
    slips = _slips(cls, folder)
    found: dict[str, str] = {}
    try:
        settings = cls(_secrets_dir=folder)
    except ValidationError as error:
        found = _complaints(cls, error)
    else:
        if not slips:
            return settings
    # What is missing because its name was mistyped is told once, as the slip.
    missing = [text for name, text in found.items() if name not in slips.values()]
    raise SettingsError(_sentence([*missing, *starmap(_slip, slips.items())]))


def _complaints(cls: type[ServiceSettings], error: ValidationError) -> dict[str, str]:
    """Return what is wrong by variable."""
    found = {}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        field = str(each["loc"][0])
        wrong = "is missing" if each["type"] == "missing" else "cannot be used"
        name = _name(cls, field)
        found[name] = f"{name} {wrong}: set it to {_says(cls.model_fields[field]).set_to}"
    return found


def _slips(cls: type[ServiceSettings], folder: str | None) -> dict[str, str | None]:
    """Return what is set under the service's prefix but read by nobody, with what was meant."""
    known = {_name(cls, field) for field in cls.model_fields}
    stated = set(os.environ)
    if folder is not None:
        stated |= {path.name for path in Path(folder).iterdir()}
    prefix = _name(cls, "")
    strangers = {each.upper() for each in stated if each.upper().startswith(prefix)} - known
    fields = {each.removeprefix(prefix): each for each in known}
    meant = {
        each: difflib.get_close_matches(each.removeprefix(prefix), fields, n=1)
        for each in sorted(strangers)
    }
    return {name: fields[close[0]] if close else None for name, close in meant.items()}


def _slip(name: str, meant: str | None) -> str:
    advice = f"did you mean {meant}?" if meant else "unset it"
    return f"{name} is not a setting; {advice}"


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return text if text.endswith("?") else f"{text}."


def _name(cls: type[ServiceSettings], field: str) -> str:
    return f"{cls.model_config.get('env_prefix', '')}{field}".upper()


def _says(field: FieldInfo) -> Says:
    return next(each for each in field.metadata if isinstance(each, Says))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the generated table of settings."""

    name: str
    what: str
    set_to: str
    default: str | None
    secret: bool


def describe(cls: type[ServiceSettings]) -> tuple[Row, ...]:
    """Return every setting of *cls*, those without a default first."""
    rows = [_row(cls, name, field) for name, field in cls.model_fields.items()]
    return tuple(sorted(rows, key=lambda row: row.default is not None))


def _row(cls: type[ServiceSettings], name: str, field: FieldInfo) -> Row:
    says = _says(field)
    default: Any = None if field.is_required() else field.default
    return Row(
        name=_name(cls, name),
        what=says.what,
        set_to=says.set_to,
        default=None if default is None else str(default).lower(),
        secret=field.annotation in (SecretStr, SecretBytes),
    )
