"""`handoff token`: a bearer token of one of the made-up staff, from the running local provider."""

import json
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.cli.errors import CliError
from deploy.identity.clients import read_client_secrets
from deploy.identity.files import SecretFileError
from deploy.identity.staff import ACCOUNTS

DATA = Path(".handoff")
PROVIDER = "http://127.0.0.1:8104"
TIMEOUT_SECONDS = 5.0


def token(
    name: Annotated[str, typer.Option("--as", help="Whose token, such as officer-hemlock.")],
    data: Annotated[
        Path, typer.Option(envvar="HANDOFF_DATA", help="The data folder of `handoff up`.")
    ] = DATA,
) -> None:
    """Print a bearer token of one of the made-up staff."""
    typer.echo(fetch_token(name, data=data))


def fetch_token(name: str, *, data: Path) -> str:
    """Get a token for *name* with the secrets that `handoff up` keeps in *data*."""
    if name not in ACCOUNTS:
        raise CliError(f"Nobody is called {name}: use one of {', '.join(ACCOUNTS)}.")
    try:
        secret = read_client_secrets(data / "secrets" / "clients.json")[name]
    except (SecretFileError, KeyError):
        raise CliError(
            f"The folder {data} holds no secret for {name}: start it with `handoff up`,"
            " or name another folder with --data."
        ) from None
    provider = _provider(data)
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


def _provider(data: Path) -> str:
    """Return where the running stack says its provider is, or the usual place."""
    try:
        stated = json.loads((data / "state.json").read_text("utf-8")).get("identity")
    except (OSError, ValueError, AttributeError):
        return PROVIDER
    url = stated.get("url") if isinstance(stated, dict) else stated
    return url.rstrip("/") if isinstance(url, str) else PROVIDER
