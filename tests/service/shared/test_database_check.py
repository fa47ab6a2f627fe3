"""A service answers nobody before it has looked at what its role may do in the database."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from services.referral.app import make_app
from shared.http.audience import audience_of
from shared.http.auth import TokenVerifier
from shared.service import check_database, work_once_checked
from shared.settings import SettingsError
from tests.identity import ISSUER, LocalProvider
from tests.servers import Database, free_port
from tests.service.apps import settings_of


@asynccontextmanager
async def started(
    database: Database, provider: LocalProvider, *, port: int, role: str = "app"
) -> AsyncIterator[tuple[asyncio.Task[None], httpx.AsyncClient]]:
    """Start the service, with its database expected at *port*; its work is to be done at once."""
    url = re.sub(r":\d+/", f":{port}/", database.url("referral", role))
    settings = settings_of("referral", database, database_url=url)
    app = make_app(settings, only="http")
    audience = audience_of("referral")
    app.state.verifier = TokenVerifier(issuer=ISSUER, audience=audience, transport=provider)
    app.state.database_checked = await check_database(settings, service="referral")

    async def run() -> None:
        pass

    working = asyncio.create_task(work_once_checked(app, settings, run))
    bearer = {"Authorization": f"Bearer {await provider.token('officer-hemlock')}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=bearer
    ) as http:
        yield working, http
    working.cancel()
    await app.state.sessions.close()


@asynccontextmanager
async def forwarded(database: Database, *, port: int) -> AsyncIterator[None]:
    """Have the database answer at *port* too, as one that has come back."""
    there = int(re.findall(r":(\d+)/", database.url("referral"))[0])
    copying: set[asyncio.Task[None]] = set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        finally:
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
    async with started(database, LocalProvider(tmp_path), port=port) as (working, http):
        assert (await http.get("/codes")).status_code == 503
        assert (await http.get("/health")).status_code == 200
        assert not working.done()

        async with forwarded(database, port=port):
            await working

            assert (await http.get("/codes")).status_code == 200


async def test_a_database_that_came_late_and_must_not_be_used_ends_the_work(
    database: Database, tmp_path: Path
) -> None:
    port = free_port()
    provider = LocalProvider(tmp_path)
    async with (
        started(database, provider, port=port, role="owner") as (working, http),
        forwarded(database, port=port),
    ):
        with pytest.raises(SettingsError, match="REFERRAL_DATABASE_URL"):
            await working

        assert (await http.get("/codes")).status_code == 503
