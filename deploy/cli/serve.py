"""`handoff serve`: one service in this process, with its settings from the environment."""

import gc
import signal
import socket
import threading
from enum import StrEnum
from importlib import import_module
from types import FrameType
from typing import Annotated, Protocol

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.cli.errors import CliError
from deploy.embedded.errors import EmbeddedError
from deploy.embedded.ports import LOOPBACK, Port, check_free
from shared.settings import SettingsError, load

GRACEFUL_SECONDS = 3
HARD_STOP_SECONDS = 4


class Name(StrEnum):
    """What can be served."""

    REFERRAL = "referral"
    CASEWORK = "casework"
    NOTIFY = "notify"
    IDENTITY = "identity"
    MAILBOX = "mailbox"


LOCAL = frozenset({Name.IDENTITY, Name.MAILBOX})  # of this machine's stack alone


class Half(StrEnum):
    """One side of a service, when its two sides run as processes of their own."""

    HTTP = "http"
    WORKER = "worker"


class Listens(Protocol):
    """Settings that say where to listen."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


def serve(
    service: Annotated[Name, typer.Argument(help="What to serve.")],
    only: Annotated[
        Half | None, typer.Option(help="Answer requests only, or work events only.")
    ] = None,
) -> None:
    """Run one service here, with its settings from the environment or from secret files.

    Example: `HANDOFF_SECRETS_DIR=.handoff/secrets/referral handoff serve referral`
    """
    settings, application = _local(service) if service in LOCAL else _service(service, only)
    _serve(application, settings, str(service))


def _service(name: Name, only: Half | None) -> tuple[Listens, ASGIApp]:
    settings = load(import_module(f"services.{name}.settings").Settings)
    make_app = import_module(f"services.{name}.app").make_app
    return settings, make_app(settings, only=str(only) if only else None)


def _local(name: Name) -> tuple[Listens, ASGIApp]:
    make_app = import_module(f"deploy.{name}.app").make_app
    try:
        settings = getattr(
            import_module(f"deploy.{name}.settings"), f"{name.title()}Settings"
        ).read()
    except ValidationError as error:
        names = ", ".join(f"{name}_{each['loc'][0]}".upper() for each in error.errors())
        raise CliError(f"These settings are missing or wrong: {names}.") from error
    return settings, make_app(settings)


def _serve(application: ASGIApp, settings: Listens, name: str) -> None:
    if settings.host == LOOPBACK:
        check_free([Port(settings.port, f"the service {name}", f"{name.upper()}_PORT")])
    refusable = _Refusable(application)
    server = _Server(
        config=uvicorn.Config(
            refusable,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # whoever asks could name any address
            timeout_graceful_shutdown=GRACEFUL_SECONDS,
        ),
        stopping=_stopping(application),
    )
    try:
        server.run()
    except SystemExit:  # how uvicorn ends when the start fails
        if refusable.refusal is None:
            raise
    if refusable.refusal:
        raise refusable.refusal
    if not server.started:
        raise CliError(f"The service {name} could not start: the lines above say why.")


def _stopping(application: ASGIApp) -> threading.Event:
    """Return what tells the application's open streams to end; a server waits for them."""
    state = application.state if isinstance(application, FastAPI) else None
    return getattr(state, "stopping", None) or threading.Event()


class _Server(uvicorn.Server):
    """Ends in bounded time, also when something in the application never does."""

    def __init__(self, config: uvicorn.Config, *, stopping: threading.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What is there now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        signal.alarm(HARD_STOP_SECONDS)  # nobody handles it, so it ends the process
        super().handle_exit(sig, frame)


class _Refusable:
    """Keeps a refusal to start, so that it is told as its one sentence without a stack trace."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self.refusal: SettingsError | EmbeddedError | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._application(scope, receive, send)
            return

        async def without_trace(message: Message) -> None:
            if message["type"] != "lifespan.startup.failed":
                await send(message)

        try:
            await self._application(scope, receive, without_trace)
        except (SettingsError, EmbeddedError) as error:
            self.refusal = error
            await send({"type": "lifespan.startup.failed", "message": ""})
