"""The folder of secrets from which containers, or servers of one's own, are run.

A folder for each reader, so that each can be given its own and no other: `postgres`, `roles`,
`nats`, `identity`, and one per service, in the form that `HANDOFF_SECRETS_DIR` names. Passwords
and keys are made once and never changed; what follows from them is written anew each time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from deploy import nats_permissions
from deploy.embedded.plan import (
    LISTENER,
    ROLES,
    SERVICES,
    new_key,
    new_password,
    settings_class,
)
from deploy.identity.clients import new_client_secrets, read_client_secrets
from deploy.identity.files import SecretFileError, write_secret
from deploy.nats_config import nats_config

KEYS = ("hash_key", "key_encryption_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where PostgreSQL and NATS answer, as host:port, and where NATS listens and stores."""

    postgres: str
    database: str
    nats: str
    nats_listen: str
    nats_monitor: str
    nats_store: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """One such folder."""

    folder: Path

    def write(self, servers: Servers) -> None:
        """Make what is missing, and write what follows from it and from *servers*."""
        self._secret("postgres", "admin_password")
        for role in ROLES:
            self._secret("roles", role)
        for service in SERVICES:
            self._write_service(service, servers)
        self._write_clients()
        self._write_nats(servers)

    def admin_url(self, *, postgres: str, database: str, user: str) -> str:
        """Return how the administrator reaches the database; the password may be anybody's."""
        host, _, port = postgres.rpartition(":")
        url = URL.create(
            "postgresql+asyncpg",
            username=user,
            password=self.known("postgres", "admin_password"),
            host=host,
            port=int(port),
            database=database,
        )
        return url.render_as_string(hide_password=False)

    def role_passwords(self) -> dict[str, str]:
        return {role: self.known("roles", role) for role in ROLES}

    def role_url(self, role: str, *, postgres: str, database: str) -> str:
        """Return how one of our roles reaches the database."""
        return f"postgresql+asyncpg://{role}:{self.known('roles', role)}@{postgres}/{database}"

    def known(self, reader: str, name: str) -> str:
        """Return a secret that was made before, or was put there; an editor's last newline is none.

        Raises:
            SecretFileError: there is none. A new one would be no secret that anybody has.
        """
        path = self.folder / reader / name
        try:
            return path.read_text("utf-8").removesuffix("\n")
        except OSError as error:
            raise SecretFileError(
                f"{path} cannot be read ({error.strerror}): run `handoff prepare secrets` on the"
                " folder first, or put the secret there."
            ) from error

    def _write_service(self, service: str, servers: Servers) -> None:
        known = settings_class(service).model_fields
        for name in (each for each in KEYS if each in known):
            self._secret(service, f"{service}_{name}", new_key)
        self._client_secret(service)
        database_url = self.role_url(
            f"{service}_app", postgres=servers.postgres, database=servers.database
        )
        follows = {
            "database_url": database_url,
            "nats_url": self._nats_url(service, servers),
        }
        for name, value in follows.items():
            write_secret(self.folder / service / f"{service}_{name}", value)

    def _write_nats(self, servers: Servers) -> None:
        """Write the server's configuration, and where the listener listens."""
        passwords = {name: self._secret("nats", name) for name in (*SERVICES, LISTENER)}
        config = nats_config(
            nats_permissions.users(passwords),
            listen=servers.nats_listen,
            monitor=servers.nats_monitor,
            store=servers.nats_store,
        )
        write_secret(self.folder / "nats" / "nats.conf", config)
        write_secret(self.folder / LISTENER / "nats_url", self._nats_url(LISTENER, servers))

    def _nats_url(self, user: str, servers: Servers) -> str:
        return f"nats://{user}:{self._secret('nats', user)}@{servers.nats}"

    def _write_clients(self) -> None:
        """Write everybody's secret at the local identity provider; a service's is its own."""
        path = self.folder / "identity" / "clients.json"
        known = read_client_secrets(path) if path.exists() else {}
        services = {service: self._client_secret(service) for service in SERVICES}
        write_secret(path, json.dumps(new_client_secrets() | known | services, indent=2))

    def _client_secret(self, service: str) -> str:
        return self._secret(service, f"{service}_client_secret")

    def _secret(self, reader: str, name: str, make: Callable[[], str] = new_password) -> str:
        """Return a secret of *reader*, made when first asked for and then always the same."""
        path = self.folder / reader / name
        if not path.exists():
            write_secret(path, make())
        return self.known(reader, name)
