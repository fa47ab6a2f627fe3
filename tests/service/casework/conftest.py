"""The casework service as one test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.identity import LocalProvider
from tests.servers import Database
from tests.service.apps import ServiceApp, running_app


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> AsyncIterator[ServiceApp]:
    async with running_app("casework", database, LocalProvider(tmp_path)) as running:
        yield running
