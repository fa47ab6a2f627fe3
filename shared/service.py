"""What the process of any service is made of: its HTTP side, its worker, or both.

Services differ in their parts; how parts are put together, started, checked and stopped does not.
"""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from shared.db import roles
from shared.db.failures import is_unreachable
from shared.db.session import Sessions, connect
from shared.http import access, codes, door, health, middleware, operations, problems
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from shared.http.claims import Claims
from shared.http.denials import OnDenied
from shared.http.describe import document, pages
from shared.http.health import Check
from shared.http.limits import Limits
from shared.http.service_token import ServiceTokens
from shared.messaging.pinger import Pinger
from shared.messaging.relay import lag_seconds
from shared.messaging.worker import Work, Worker
from shared.observability import logs
from shared.policy.engine import Policy
from shared.settings import ServiceSettings, SettingsError
from shared.vault.keys import vault_schema
from shared.vault.vault import Vault

log = structlog.get_logger()

Only = Literal["http", "worker"]
RELAY_LAG_AT_MOST_SECONDS = 30.0
DIRECT_CALL_SECONDS = 5.0
CHECKED_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Means:
    """What a service's use cases and its worker are given; made once per process."""

    service: str
    sessions: Sessions
    tokens: ServiceTokens
    http: httpx.AsyncClient
    vault: Vault | None

    def required_vault(self) -> Vault:
        """Return the vault of a service that has one."""
        if self.vault is None:
            raise LookupError(f"{self.service} encrypts nothing: it has no vault")
        return self.vault

    async def close(self) -> None:
        await self.tokens.aclose()
        await self.http.aclose()
        await self.sessions.close()


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """What makes one service different from another."""

    name: str
    description: str
    routers: tuple[APIRouter, ...]
    make_work: Callable[[Means], Work]
    on_denied: OnDenied | None = None
    vault_keys: tuple[bytes, ...] = ()  # the present one, then former ones


def assemble(parts: ServiceParts, settings: ServiceSettings, *, only: Only | None) -> FastAPI:
    """Return the service as one ASGI application; *only* leaves out its other half."""
    means = _means(parts, settings)
    background = _background(parts, settings, means, only=only)
    verifier = _verifier(parts, settings)
    app = FastAPI(
        title=f"Handoff {parts.name}",
        description=parts.description,
        lifespan=_lifespan(settings, means, verifier, background.run),
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect would be built from the Host header
    )
    app.state.service = parts.name
    app.state.stopping = threading.Event()  # set when the process is asked to stop
    app.state.sessions = means.sessions
    app.state.vault = means.vault
    app.state.hash_key = settings.hash_key.get_secret_value()
    app.state.policy = Policy.load()
    door.install(
        app,
        Limits(means.sessions, hash_key=app.state.hash_key),
        requests_per_minute=settings.requests_per_minute,
        unknown_per_minute=settings.unknown_per_minute,
    )
    app.state.verifier = verifier
    middleware.install(app, door=door.Door)
    problems.install(app)
    access.install(app, on_denied=parts.on_denied)
    document.install(app)
    health.install(app)
    _register_checks(
        app, means.sessions, worker=background if isinstance(background, Worker) else None
    )
    if only != "worker":
        for router in (*parts.routers, codes.router, operations.router, pages.router):
            app.include_router(router)
    return app


def _verifier(parts: ServiceParts, settings: ServiceSettings) -> TokenVerifier:
    return TokenVerifier(
        issuer=settings.oidc_issuer,
        audience=audience_of(parts.name, prefix=settings.oidc_audience_prefix),
        claims=Claims.model_validate_json(settings.oidc_claims),
        algorithms=(settings.oidc_algorithm,),
    )


def _background(
    parts: ServiceParts, settings: ServiceSettings, means: Means, *, only: Only | None
) -> Worker | Pinger:
    """Return what runs beside the requests: the worker, or only the hint to it."""
    nats_url = settings.nats_url.get_secret_value()
    if only == "http":
        pinger = Pinger(nats_url, service=parts.name)
        means.sessions.on("events", pinger.ping)
        means.sessions.on("tasks", pinger.ping)
        return pinger
    return Worker(parts.make_work(means), sessions=means.sessions, nats_url=nats_url)


def _means(parts: ServiceParts, settings: ServiceSettings) -> Means:
    return Means(
        service=parts.name,
        sessions=connect(settings.database_url.get_secret_value()),
        tokens=ServiceTokens(
            settings.oidc_issuer,
            parts.name,
            settings.client_secret.get_secret_value(),
            audience_prefix=settings.oidc_audience_prefix,
            audience_parameter=settings.oidc_audience_parameter,
        ),
        http=httpx.AsyncClient(timeout=DIRECT_CALL_SECONDS),
        vault=_vault(parts),
    )


def _vault(parts: ServiceParts) -> Vault | None:
    if not parts.vault_keys:
        return None
    present, *former = parts.vault_keys
    return Vault(present, vault_schema(parts.name), former=former)


def _lifespan(
    settings: ServiceSettings,
    means: Means,
    verifier: TokenVerifier,
    run: Callable[[], Coroutine[Any, Any, None]],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logs.configure(means.service, settings.log_level)
        app.state.database_checked = await check_database(settings, service=means.service)
        work = work_once_checked(app, settings, run)
        working = asyncio.create_task(work, name=f"{means.service} worker")
        working.add_done_callback(_end_process)
        try:
            yield
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await working
            await verifier.aclose()
            await means.close()

    return lifespan


async def work_once_checked(
    app: FastAPI, settings: ServiceSettings, run: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Do what *run* does as soon as the database is there and was checked.

    Raises:
        SettingsError: it is one on which the service must not run.
    """
    while not app.state.database_checked:
        await asyncio.sleep(CHECKED_EVERY_SECONDS)
        app.state.database_checked = await check_database(settings, service=app.state.service)
    await run()


def _end_process(working: "asyncio.Task[None]") -> None:
    """End the process when its worker has ended by itself: half a service is worse than none.

    Whoever runs the process starts it again.
    """
    if not working.cancelled():
        log.critical("worker_ended", error_type=type(working.exception()).__name__)
        signal.raise_signal(signal.SIGTERM)


def _register_checks(app: FastAPI, sessions: Sessions, *, worker: Worker | None) -> None:
    """Say what readiness depends on.

    Requests are served without a broker: PostgreSQL is the only truth. So only the database is
    essential; a broker that is away, or events that wait, make the process degraded.
    """

    async def database() -> Check:
        async with sessions.begin() as session:
            await session.execute(text("SELECT app_now()"))
        return Check("database", ok=True, essential=True)

    async def broker() -> Check:
        ok = worker is not None and worker.connected
        detail = "" if ok else "not connected, or a stream is missing; the journal repairs it"
        return Check("broker", ok=ok, essential=False, detail=detail)

    async def relay() -> Check:
        seconds = await lag_seconds(sessions.engine)
        ok = seconds <= RELAY_LAG_AT_MOST_SECONDS
        return Check("relay", ok=ok, essential=False, detail=f"oldest event waits {seconds:.1f} s")

    health.register(app, database, name="database", essential=True)
    health.register(app, relay, name="relay", essential=False)
    if worker is not None:
        health.register(app, broker, name="broker", essential=False)


async def check_database(settings: ServiceSettings, *, service: str) -> bool:
    """Refuse a database on which this service must not run; return False for one that is away.

    It may come later: until it is there and checked, nobody is answered and nothing is worked on.

    Raises:
        SettingsError: one sentence that names the setting and what to change.
    """
    sessions = connect(settings.database_url.get_secret_value())
    try:
        async with sessions.engine.connect() as connection:
            await roles.check(connection, service=service)
            movable = await connection.scalar(text("SELECT to_regclass('clock_offset')"))
    except Exception as error:
        if is_unreachable(error):
            log.warning("database_away_at_start")
            return False
        raise
    finally:
        await sessions.close()
    if movable is not None and not settings.movable_clock:
        raise SettingsError(
            f"{service.upper()}_DATABASE_URL leads to a demo or test database, whose clock can be"
            f" moved: use another, or set {service.upper()}_MOVABLE_CLOCK to true."
        )
    return True
