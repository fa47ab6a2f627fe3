"""`handoff token`: a bearer token of one of the made-up staff, from the running local provider."""

from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.cli.errors import CliError
from deploy.cli.options import DATA_DEFAULT, Data, data_folder
from deploy.embedded import state
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.folder import DataFolder
from deploy.identity.clients import read_client_secrets
from deploy.identity.files import SecretFileError
from deploy.identity.staff import ACCOUNTS

PROVIDER = "http://127.0.0.1:8104"
TIMEOUT_SECONDS = 5.0


def token(
    name: Annotated[str, typer.Option("--as", help="Whose token, such as officer-hemlock.")],
    data: Data = DATA_DEFAULT,
) -> None:
    """Print a bearer token of one of the made-up staff.

    Example: `curl -H "Authorization: Bearer $(handoff token --as peer-willow)" ...`
    """
    typer.echo(fetch_token(name, data=data))


def fetch_token(name: str, *, data: Path) -> str:
    """Get a token for *name* with the secrets that `handoff up` keeps in *data*."""
    if name not in ACCOUNTS:
        raise CliError(f"Nobody is called {name}: use one of {', '.join(ACCOUNTS)}.")
    folder = data_folder(data)
    try:
        secret = read_client_secrets(folder.secrets / "clients.json")[name]
    except (SecretFileError, KeyError):
        raise CliError(
            f"The folder {data} holds no secret for {name}: start it with `handoff up`,"
            " or name another folder with --data."
        ) from None
    provider = _provider(folder)
    try:
        answer = httpx.post(
            f"{provider}/token",
            data={"grant_type": "client_credentials"},
            auth=(name, secret),
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])
    except httpx.HTTPStatusError as error:
        raise CliError(
            f"The identity provider at {provider} refused {name} ({error.response.status_code}):"
            " it was started with another data folder."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CliError(
            f"The identity provider at {provider} does not answer: start it with `handoff up`."
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise CliError(f"What answers at {provider} is not Handoff's identity provider.") from error


def _provider(folder: DataFolder) -> str:
    """Return where the stack says its provider is, or the usual place."""
    try:
        found = state.read(folder.state)
    except EmbeddedError as error:
        raise CliError(str(error)) from error
    parts = found.parts if found is not None else ()
    return next((part.url for part in parts if part.name == "identity"), PROVIDER)
