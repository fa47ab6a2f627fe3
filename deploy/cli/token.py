"""`handoff token`: a bearer token of one of the made-up staff, and what a token says."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer
from pydantic import ValidationError

from deploy.cli.errors import CliError
from deploy.cli.inspecting import inspected
from deploy.cli.options import DATA_DEFAULT, Data, data_folder
from deploy.embedded import state
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.folder import DataFolder
from deploy.identity.clients import read_client_secrets
from deploy.identity.files import SecretFileError
from deploy.identity.staff import ACCOUNTS
from shared.http.audience import PREFIX, SERVICES, audience_of
from shared.http.claims import SUBMIT_ONLY, Claims

PROVIDER = "http://127.0.0.1:8104"
TIMEOUT_SECONDS = 5.0


app = typer.Typer(help="A token of one of the made-up staff, and what a token says.")


@app.callback(invoke_without_command=True)
def token(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--as", help="Whose token, such as officer-hemlock.")
    ] = None,
    *,
    submit_only: Annotated[
        bool, typer.Option("--submit-only", help="Of a session that refers people, no more.")
    ] = False,
    at: Annotated[
        str | None, typer.Option("--at", help="For which service; for all, if it is a person.")
    ] = None,
    data: Data = DATA_DEFAULT,
) -> None:
    """Print a bearer token of one of the made-up staff; `inspect` says what a token says.

    Example: `curl -H "Authorization: Bearer $(handoff token --as peer-willow)" ...`
    """
    if context.invoked_subcommand is not None:
        return
    if name is None:
        raise CliError("Say whose token: --as NAME, such as --as officer-hemlock.")
    typer.echo(fetch_token(name, data=data, service=at, submit_only=submit_only))


@app.command()
def inspect(
    text: Annotated[
        str, typer.Argument(metavar="TOKEN", help="The token; `-` reads it from standard input.")
    ] = "-",
    issuer: Annotated[
        str | None, typer.Option(help="The provider; by default that of the running stack.")
    ] = None,
    at: Annotated[str, typer.Option(help="The service that would accept it.")] = "casework",
    prefix: Annotated[str, typer.Option(help="As OIDC_AUDIENCE_PREFIX of the service.")] = PREFIX,
    claims: Annotated[str, typer.Option(help="As OIDC_CLAIMS of the service.")] = "{}",
    data: Data = DATA_DEFAULT,
) -> None:
    """Say what a service would make of a token, and why it would refuse it.

    The token is shown nowhere; its signature is checked by the provider's keys.

    Example: `handoff token --as peer-willow | handoff token inspect`
    """
    given = (sys.stdin.read() if text == "-" else text).strip().removeprefix("Bearer ")
    try:
        names = Claims.model_validate_json(claims)
    except ValidationError as error:
        raise CliError("--claims cannot be used: give it as OIDC_CLAIMS is written.") from error
    provider = issuer or _provider(data_folder(data))
    if not asyncio.run(
        inspected(given, issuer=provider, audience=audience_of(at, prefix=prefix), names=names)
    ):
        raise typer.Exit(1)


def fetch_token(
    name: str, *, data: Path, service: str | None = None, submit_only: bool = False
) -> str:
    """Get a token for *name* with the secrets that `handoff up` keeps in *data*."""
    _check_named(name, service)
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
            data={"grant_type": "client_credentials"}
            | ({"resource": audience_of(service)} if service else {})
            | ({"scope": SUBMIT_ONLY} if submit_only else {}),
            auth=(name, secret),
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])
    except httpx.HTTPStatusError as error:
        if submit_only and "invalid_scope" in error.response.text:
            raise CliError(f"{name} refers nobody: only first responders do.") from error
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


def _check_named(name: str, service: str | None) -> None:
    if name not in ACCOUNTS:
        raise CliError(f"Nobody is called {name}: use one of {', '.join(ACCOUNTS)}.")
    if service is not None and service not in SERVICES:
        raise CliError(f"No service is called {service}: use one of {', '.join(SERVICES)}.")
    if service is None and name in SERVICES:
        raise CliError(f"{name} is a service: say which one it calls, such as --at referral.")


def _provider(folder: DataFolder) -> str:
    """Return where the stack says its provider is, or the usual place."""
    try:
        found = state.read(folder.state)
    except EmbeddedError as error:
        raise CliError(str(error)) from error
    parts = found.parts if found is not None else ()
    return next((part.url for part in parts if part.name == "identity"), PROVIDER)
