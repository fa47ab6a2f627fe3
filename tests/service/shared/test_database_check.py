"""A service answers nobody before it has looked at what its role may do in the database."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI

from services.referral.app import make_app
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from tests.identity import ISSUER, LocalProvider
from tests.servers import Database, free_port
from tests.service.apps import settings_of
from tests.system.until import until


@asynccontextmanager
async def started(
    database: Database, provider: LocalProvider, *, port: int, role: str = "app"
) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """Start the service, with its database expected at *port*."""
    url = re.sub(r":\d+/", f":{port}/", database.url("referral", role))
    app = make_app(settings_of("referral", database, database_url=url), only="http")
    audience = audience_of("referral")
    app.state.verifier = TokenVerifier(issuer=ISSUER, audience=audience, transport=provider)
    transport = httpx.ASGITransport(app)
    bearer = {"Authorization": f"Bearer {await provider.token('officer-hemlock')}"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=bearer) as http,
    ):
        yield app, http


@asynccontextmanager
async def forwarded(database: Database, *, port: int) -> AsyncIterator[None]:
    """Have the database answer at *port* too, as one that has come back."""
    there = int(re.findall(r":(\d+)/", database.url("referral"))[0])
    copying: set[asyncio.Task[None]] = set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", there)
        copying.add(asyncio.create_task(copy(reader, to_writer)))
        copying.add(asyncio.create_task(copy(to_reader, writer)))

    server = await asyncio.start_server(forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for each in copying:
            each.cancel()
        await asyncio.gather(*copying, return_exceptions=True)


async def test_nobody_is_answered_before_a_database_that_came_late_is_checked(
    database: Database, tmp_path: Path
) -> None:
    port = free_port()
    async with started(database, LocalProvider(tmp_path), port=port) as (app, http):
        assert (await http.get("/codes")).status_code == 503
        assert (await http.get("/health")).status_code == 200

        async with forwarded(database, port=port):

            async def answered() -> bool:
                return (await http.get("/codes")).status_code == 200

            await until(answered)
            assert app.state.database_checked is True
            await app.state.sessions.close()


async def test_a_database_that_came_late_and_must_not_be_used_ends_the_process(
    database: Database, tmp_path: Path
) -> None:
    told: list[int] = []
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.append, signal.SIGTERM)
    port = free_port()
    try:
        async with (
            started(database, LocalProvider(tmp_path), port=port, role="owner") as (_, http),
            forwarded(database, port=port),
        ):

            async def ended() -> bool:
                return told == [signal.SIGTERM]

            await until(ended)
            assert (await http.get("/codes")).status_code == 503
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
