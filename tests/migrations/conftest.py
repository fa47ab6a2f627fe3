"""A throw-away service, so that the machinery is tried on more than what the services do now."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services
from shared.db import roles
from tests.servers import Background, Database

PROBE = roles.ServiceSchemas("probe", vault=True)
PASSWORD = "made-up"
TABLES = """
from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Integer, MetaData, Table
from sqlalchemy import Text, Uuid, text

metadata = MetaData(schema="probe")
leaf = Table(
    "leaf",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("programme_id", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=text("app_now()")),
)
vein = Table(
    "vein",
    metadata,
    Column("leaf_id", ForeignKey("probe.leaf.id"), primary_key=True),
    Column("programme_id", Text, nullable=False),
    Column("length", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("length > 0", name="ck_vein_length"),
)
timer = Table("timer", metadata, Column("id", Uuid, primary_key=True))
secret = Table("data_key", metadata, Column("id", Uuid, primary_key=True), schema="probe_vault")
"""

UrlOf = Callable[[str], str]


@pytest.fixture
def probe(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    empty_database: Database,
    background: Background,
) -> Iterator[UrlOf]:
    """The service `probe`, with roles and tables and no migration; call it with a role."""
    folder = tmp_path / "probe"
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "tables.py").write_text(TABLES)
    monkeypatch.setattr(services, "__path__", [*services.__path__, str(tmp_path)])
    passwords = dict.fromkeys(PROBE.roles, PASSWORD)
    admin = empty_database.admin_url
    background.run(roles.create(admin, passwords=passwords, services=[PROBE]))

    yield lambda role: empty_database.server.url(
        f"probe_{role}", PASSWORD, database=empty_database.name
    )
    for name in [each for each in sys.modules if each.startswith("services.probe")]:
        del sys.modules[name]
