"""What a stack on this machine consists of: ports, addresses, and each service's settings.

Settings reach a service as files of its own folder that only the owner may read, so no secret is
in any environment. `HANDOFF_SECRETS_DIR=DATA/secrets/referral handoff serve referral` does by
hand exactly what the stack does.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path

from deploy.embedded.errors import EmbeddedError
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import LOOPBACK, Port
from deploy.identity.clients import new_client_secrets, read_client_secrets
from deploy.identity.files import write_secret
from shared.db.roles import SERVICES as DATABASE_ROLES
from shared.settings import SECRETS_DIR, ServiceSettings

SERVICES = tuple(each.service for each in DATABASE_ROLES)
ROLES = tuple(role for each in DATABASE_ROLES for role in each.roles)
IDENTITY = "identity"
MAILBOX = "mailbox"
LISTENER = "listener"  # the NATS user for consumers of others


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where everything listens on loopback."""

    referral: int = 8101
    casework: int = 8102
    notify: int = 8103
    identity: int = 8104
    mailbox: int = 8105
    mailbox_smtp: int = 8106
    nats: int = 8122
    nats_monitor: int = 8123
    postgres: int = 8132

    def of(self, name: str) -> int:
        number: int = getattr(self, name)
        return number

    def named(self, *, only_servers: bool) -> Iterator[Port]:
        """Yield each with what a person sets to move it."""
        for each in fields(self):
            name = each.name
            if only_servers and name not in SERVERS:
                continue
            option = f"--{name.replace('_', '-')}-port"
            purpose = PURPOSES.get(name, f"the service {name}")
            yield Port(self.of(name), purpose, f"{option} or {PORT_SETTINGS[name]}")


SERVERS = ("postgres", "nats", "nats_monitor")
PURPOSES = {
    "postgres": "PostgreSQL",
    "nats": "NATS",
    "nats_monitor": "the monitor of NATS",
    "identity": "the identity provider",
    "mailbox": "the mailbox",
    "mailbox_smtp": "the SMTP of the mailbox",
}
PORT_SETTINGS = {
    each.name: f"{'HANDOFF_' if each.name in SERVERS else ''}{each.name}_PORT".upper()
    for each in fields(Ports)
}


def ports_from(environment: Mapping[str, str]) -> Ports:
    """Return the usual ports, except those that *environment* moves.

    Raises:
        EmbeddedError: one of them is no port number.
    """
    moved = {
        name: environment[setting]
        for name, setting in PORT_SETTINGS.items()
        if setting in environment
    }
    for name, value in moved.items():
        if not value.isdecimal() or not 0 < int(value) < 65536:  # noqa: PLR2004 - a port's 16 bits
            raise EmbeddedError(f"{PORT_SETTINGS[name]} is no port number: set it to 1 to 65535.")
    return Ports(**{name: int(value) for name, value in moved.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run, and on which data."""

    folder: DataFolder
    ports: Ports = Ports()
    only_servers: bool = False
    movable_clock: bool = False

    @property
    def has_movable_clock(self) -> bool:
        """Whether the clock may be moved: asked for now, or when the data was made."""
        return self.movable_clock or self.folder.movable_clock.exists()

    def url(self, name: str) -> str:
        return f"http://{LOOPBACK}:{self.ports.of(name)}"

    def secret(self, name: str, make: Callable[[], str] | None = None) -> str:
        """Return the secret *name*, made when first asked for and then always the same."""
        path = self.folder.secrets / name
        if not path.exists():
            write_secret(path, (make or new_password)())
        return path.read_text("utf-8")

    def role_passwords(self) -> dict[str, str]:
        return {role: self.secret(f"database_{role}") for role in ROLES}

    def nats_passwords(self) -> dict[str, str]:
        return {name: self.secret(f"nats_{name}") for name in (*SERVICES, LISTENER)}

    def database_url(self, role: str) -> str:
        who = f"{role}:{self.secret(f'database_{role}')}"
        return f"postgresql+asyncpg://{who}@{LOOPBACK}:{self.ports.postgres}/handoff"

    def client_secrets(self) -> Mapping[str, str]:
        """Return everybody's secret at the identity provider, adding those that are new."""
        path = self.clients_file
        known = read_client_secrets(path) if path.exists() else {}
        wanted = new_client_secrets() | known
        if wanted != known:
            write_secret(path, json.dumps(wanted, indent=2))
        return wanted

    @property
    def clients_file(self) -> Path:
        return self.folder.secrets / "clients.json"

    def settings_folder(self, service: str) -> Path:
        return self.folder.secrets / service

    def write_settings(self, service: str) -> dict[str, str]:
        """Write the settings of *service* for this plan; return the environment it runs in."""
        folder = self.settings_folder(service)
        values = {
            f"{service}_{name}": value
            for name, value in self._values(service).items()
            if name in settings_class(service).model_fields
        }
        for name, value in values.items():
            write_secret(folder / name, value)
        for stale in {each.name for each in folder.iterdir()} - set(values):
            (folder / stale).unlink()
        # What this stack decides must not be overruled by what happens to be exported around it.
        decided = {name.upper() for name in values}
        inherited = {name: value for name, value in os.environ.items() if name not in decided}
        return {**inherited, SECRETS_DIR: str(folder)}

    def identity_environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "IDENTITY_HOST": LOOPBACK,
            "IDENTITY_PORT": str(self.ports.identity),
            "IDENTITY_ISSUER": self.url(IDENTITY),
            "IDENTITY_SIGNING_KEY_FILE": str(self.folder.secrets / "identity_signing_key.json"),
            "IDENTITY_CLIENTS_FILE": str(self.clients_file),
        }

    def mailbox_environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MAILBOX_HOST": LOOPBACK,
            "MAILBOX_PORT": str(self.ports.mailbox),
            "MAILBOX_SMTP_PORT": str(self.ports.mailbox_smtp),
            "MAILBOX_FOLDER": str(self.folder.mailbox),
        }

    def write_listener(self) -> None:
        """Write where a consumer of others may listen, and as whom."""
        write_secret(self.settings_folder(LISTENER) / "nats_url", self._nats_url(LISTENER))

    def _nats_url(self, user: str) -> str:
        password = self.secret(f"nats_{user}")
        return f"nats://{user}:{password}@{LOOPBACK}:{self.ports.nats}"

    def _values(self, service: str) -> dict[str, str]:
        return {
            "host": LOOPBACK,
            "port": str(self.ports.of(service)),
            "database_url": self.database_url(f"{service}_app"),
            "nats_url": self._nats_url(service),
            "oidc_issuer": self.url(IDENTITY),
            "client_secret": self.client_secrets()[service],
            "hash_key": self.secret(f"{service}_hash_key", new_key),
            "key_encryption_key": self.secret(f"{service}_key_encryption_key", new_key),
            "referral_url": self.url("referral"),
            "casework_url": self.url("casework"),
            "smtp_url": f"smtp://{LOOPBACK}:{self.ports.mailbox_smtp}",
            # Demos, tests and benches ask as a few people what a county asks as hundreds.
            "requests_per_minute": "1000000",
            "movable_clock": str(self.has_movable_clock).lower(),
        }


def settings_class(service: str) -> type[ServiceSettings]:
    found: type[ServiceSettings] = import_module(f"services.{service}.settings").Settings
    return found


def new_password() -> str:
    return secrets.token_urlsafe(24)


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")
