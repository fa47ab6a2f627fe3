"""`handoff rewrap`: have a service's data keys wrapped under its present key-encryption key."""

import asyncio
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli.errors import CliError
from deploy.cli.options import say
from shared.db.session import connect
from shared.settings import load
from shared.vault.keys import vault_schema
from shared.vault.vault import Vault

BATCH = 500
NOBODY = (UUID(int=0), 0)


class Service(StrEnum):
    """Which services have a vault."""

    REFERRAL = "referral"
    CASEWORK = "casework"


def rewrap(
    service: Annotated[Service, typer.Argument(help="Whose data keys to wrap anew.")],
) -> None:
    """Wrap a service's data keys under its present key-encryption key, while it runs.

    Takes the service's settings, as `serve` does: the new key, and the former ones. What is under
    the data keys stays as it is. Do it again if it was interrupted; when it says that none is left
    under a former key, unset the former keys.

    Example: `HANDOFF_SECRETS_DIR=.handoff/secrets/referral handoff rewrap referral`
    """
    settings = load(import_module(f"services.{service}.settings").Settings)
    try:
        opened, unopened = asyncio.run(_rewrap(service, settings))
    except (OSError, SQLAlchemyError) as error:
        raise CliError(
            f"The database of {service} cannot be asked ({type(error).__name__}); do it again."
        ) from error
    say(f"{service}: {opened} data keys wrapped anew.")
    if unopened:
        raise CliError(
            f"{unopened} data keys are wrapped under a key that is not set: name it in"
            f" {service.upper()}_FORMER_KEY_ENCRYPTION_KEYS and do it again."
        )
    say("None is left under a former key.")


async def _rewrap(service: Service, settings: Any) -> tuple[int, int]:  # noqa: ANN401 - either's settings
    present, *former = settings.vault_keys()
    vault = Vault(present, vault_schema(service), former=former)
    sessions = connect(settings.database_url.get_secret_value())
    opened, unopened, after = 0, 0, NOBODY
    try:
        while True:
            async with sessions.begin() as session:
                found = await vault.rewrap(session, after=after, limit=BATCH)
            if found is None:
                return opened, unopened
            opened, unopened, after = opened + found.opened, unopened + found.unopened, found.until
    finally:
        await sessions.close()
