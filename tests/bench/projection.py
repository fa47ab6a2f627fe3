"""Outbox to projection: events a second from referral's outbox to casework's timeline, durable.

The ceiling does the same in the same run on the same PostgreSQL and a NATS server of the same
configuration. Both begin with everything in the outbox and processes that wait.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import orjson
from uuid_utils.compat import uuid7

from deploy.embedded.nats_server import NatsServer
from shared.events.referral import HandoffArrived, HandoffDeparted, HandoffRequested
from shared.messaging.cloudevents import Document, to_document
from tests.bench import bare_outbox
from tests.bench.stand import Stand, half, process, standing
from tests.servers import free_port

Say = Callable[[str], None]

RUNS = 3
EVENTS = 30_000
TARGET, AT_LEAST = 0.30, 3000
WITHIN_SECONDS = 120.0
STEPS = (HandoffRequested, HandoffDeparted, HandoffArrived)  # no consumer but the timeline's
COUNT = "SELECT count(*) FROM {}"
BARE = (sys.executable, "-m", "tests.bench.bare_outbox")


def measure(folder: Path, *, seconds: float, say: Say) -> dict[str, Any]:
    """Return the rates of ours and of the ceiling; *seconds* is not used: it is until the end."""
    del seconds
    ours, bare = [], []
    with (
        standing(folder, services=("referral",)) as stand,
        _ceiling(stand, folder),
        projecting(stand),
    ):
        for _ in range(RUNS):
            bare.append(asyncio.run(drain(stand, _into_bare, "public.bare_line")))
            ours.append(asyncio.run(drain(stand, _into_ours, "casework.timeline_entry")))
            say(f"{ours[-1]:.0f} events a second; ceiling {bare[-1]:.0f}")
    ratio = median(ours) / median(bare)
    return {
        "events a second": round(median(ours)),
        "ceiling": round(median(bare)),
        "ratio": round(ratio, 2),
        "target": TARGET,
        "at least": AT_LEAST,
        "met": ratio >= TARGET and median(ours) >= AT_LEAST,
    }


@contextmanager
def projecting(stand: Stand) -> Iterator[None]:
    """Run what moves events from referral's outbox to casework's timeline."""
    with half(stand, "referral", "worker"), half(stand, "casework", "worker"):
        asyncio.run(drain(stand, _into_ours, "casework.timeline_entry", events=100))  # awake
        yield


def ours(stand: Stand) -> float:
    """Return our rate, measured once."""
    return asyncio.run(drain(stand, _into_ours, "casework.timeline_entry"))


Fill = Callable[["asyncpg.Connection[asyncpg.Record]", list[Document]], Any]


async def drain(stand: Stand, fill: Fill, table: str, *, events: int = EVENTS) -> float:
    """Put *events* into the outbox and wait until all stand in *table*; return events a second."""
    connection = await asyncpg.connect(stand.admin_url)
    try:
        documents = [to_document(each) for each in islice(_steps(), events)]
        before = await connection.fetchval(COUNT.format(table))
        await fill(connection, documents)
        began = time.perf_counter()
        deadline = began + WITHIN_SECONDS
        while await connection.fetchval(COUNT.format(table)) < before + events:
            if time.perf_counter() > deadline:
                raise AssertionError(f"{table} did not get {events} rows in time")
            await asyncio.sleep(0.1)
        return events / (time.perf_counter() - began)
    finally:
        await connection.close()


def _steps() -> Iterator[Any]:
    for kind in cycle(STEPS):
        handoff_id = uuid7()
        yield kind(
            programme_id="alder-county",
            aggregate_id=handoff_id,
            aggregate_version=1,
            occurred_at=datetime.now(UTC),
            referral_id=handoff_id,
        )


async def _into_ours(
    connection: "asyncpg.Connection[asyncpg.Record]", documents: list[Document]
) -> None:
    await connection.copy_records_to_table(
        "outbox",
        schema_name="referral",
        columns=("event_id", "subject", "aggregate_id", "body"),
        records=[
            (each["id"], each["type"], each["aggregateid"], orjson.dumps(each).decode())
            for each in documents
        ],
    )


async def _into_bare(
    connection: "asyncpg.Connection[asyncpg.Record]", documents: list[Document]
) -> None:
    await connection.copy_records_to_table(
        "bare_outbox",
        schema_name="public",
        columns=("event_id", "body"),
        records=[(each["id"], orjson.dumps(each).decode()) for each in documents],
    )


@contextmanager
def _ceiling(stand: Stand, folder: Path) -> Iterator[None]:
    """Run the ceiling's tables, its NATS server and its two processes."""
    port = free_port()
    user = bare_outbox.USER
    server = NatsServer(folder / "ceiling", port=port, monitor_port=free_port(), users=(user,))
    url = f"nats://{user.name}:{user.password}@127.0.0.1:{port}"
    with ExitStack() as running:
        server.start()
        running.callback(server.stop)
        asyncio.run(_prepare(stand, url))
        for role in ("relay", "consumer"):
            command = (*BARE, role, stand.admin_url, url)
            running.enter_context(process(stand, f"bare {role}", command, os.environ))
        yield


async def _prepare(stand: Stand, url: str) -> None:
    await bare_outbox.make_stream(url)
    connection = await asyncpg.connect(stand.admin_url)
    await connection.execute(bare_outbox.SCHEMA)
    await connection.close()
