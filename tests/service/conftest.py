"""Every service in turn, for what holds at all of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.architecture.rules import service_names
from tests.identity import LocalProvider
from tests.servers import Database
from tests.service.apps import ServiceApp, running_app


@pytest.fixture(params=service_names())
async def each_service(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> AsyncIterator[ServiceApp]:
    async with running_app(request.param, database, LocalProvider(tmp_path)) as running:
        yield running
