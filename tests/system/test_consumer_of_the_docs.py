"""The consumer that the documentation shows works as it stands, also when it is killed."""

import ast
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.client.referral import Referral
from deploy.client.referral.bodies import ReferralBody
from tests.architecture.rules import ROOT
from tests.system.running_stack import RunningStack, running_stack
from tests.system.until import until_sync

CONSUMER = ROOT / "docs" / "how-to" / "consumer.py"
LINES_AT_MOST = 60
REQUESTED = "deflection.handoff.requested.v1"
ACCEPTED = "deflection.handoff.accepted.v1"
Told = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("consumer")) as running:
        yield running


@contextmanager
def consuming(stack: RunningStack, database: Path) -> Iterator[None]:
    """Run the consumer as its page says, and kill it."""
    url = (stack.data / "secrets" / "listener" / "nats_url").read_text("utf-8")
    process = subprocess.Popen(
        [sys.executable, "-P", CONSUMER, database], env={**os.environ, "NATS_URL": url}
    )
    try:
        yield
        assert process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.wait(10)


def told(database: Path) -> Told:
    with closing(sqlite3.connect(database)) as connection:
        try:
            rows = connection.execute("SELECT referral_id, type, times FROM told").fetchall()
        except sqlite3.OperationalError:
            return {}  # not made yet
    return {(referral_id, kind): times for referral_id, kind, times in rows}


@contextmanager
def asking(stack: RunningStack, who: str) -> Iterator[Referral]:
    headers = {"Authorization": f"Bearer {stack.token(who)}"}
    with httpx.Client(base_url=stack.url("referral"), headers=headers) as http:
        yield Referral(http)


def journalled(operator: Referral) -> Told:
    """Return what referral told of handoffs, as its journal has it."""
    events = [entry.event for entry in operator.get_journal(purpose="operations").entries]
    return dict(
        Counter(
            (event["data"]["referral_id"], event["type"])
            for event in events
            if event["type"].startswith("deflection.handoff.")
        )
    )


def test_the_consumer_of_the_documentation_counts_each_event_once_although_it_is_killed(
    stack: RunningStack, tmp_path: Path
) -> None:
    database = tmp_path / "told.db"
    body = ReferralBody(pathway="officer_referral", need="not_sure")
    ids: list[UUID] = [uuid7() for _ in range(3)]
    with (
        asking(stack, "officer-hemlock") as officer,
        asking(stack, "peer-willow") as peer,
        asking(stack, "operator-spruce") as operator,
    ):
        for each in ids:
            officer.put_referral(each, body)
        with consuming(stack, database):
            until_sync(lambda: {(str(each), REQUESTED) for each in ids} <= told(database).keys())
        for each in ids:
            peer.put_acceptance(each)
        officer.put_referral(uuid7(), body)
        with consuming(stack, database):
            until_sync(lambda: told(database).keys() == journalled(operator).keys())

        assert told(database) == journalled(operator)
    assert {(str(each), ACCEPTED) for each in ids} <= told(database).keys()


def test_the_consumer_is_short_and_needs_nothing_of_ours() -> None:
    source = CONSUMER.read_text("utf-8")
    modules = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert len(source.splitlines()) <= LINES_AT_MOST
    assert modules - sys.stdlib_module_names == {"nats"}
