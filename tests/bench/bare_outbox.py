"""The ceiling of outbox to projection: the same shape with nothing around it.

A relay that claims rows and publishes them as one atomic batch, and a consumer that takes what is
there and adds it by one statement. No journal, no positions, no scope, no reading of events.

    python -m tests.bench.bare_outbox relay|consumer DSN NATS
"""

import asyncio
import sys
from datetime import datetime
from uuid import uuid4

import asyncpg
import nats
import orjson
import uvloop
from nats.aio.client import Client
from nats.js.api import StreamConfig

from deploy.nats_config import NatsUser

BATCH = 500
STREAM = "BARE"
SUBJECT = "bare.step"
USER = NatsUser(name="bare", password="made-up", publish=(">",), subscribe=(">",))
POLL_SECONDS = 1.0
SCHEMA = """
CREATE TABLE public.bare_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL, body jsonb NOT NULL
);
CREATE TABLE public.bare_inbox (event_id uuid PRIMARY KEY);
CREATE TABLE public.bare_line (
    event_id uuid PRIMARY KEY, referral_id uuid, kind text, happened_at timestamptz, detail jsonb
);
"""
TAKE = """
SELECT id, event_id, body FROM public.bare_outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
"""
PROJECT = """
WITH told AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::jsonb[])
        AS each (event_id, referral_id, kind, happened_at, detail)
), claimed AS (
    INSERT INTO public.bare_inbox SELECT event_id FROM told ON CONFLICT DO NOTHING
    RETURNING event_id
)
INSERT INTO public.bare_line SELECT told.* FROM told JOIN claimed USING (event_id)
"""


async def make_stream(url: str) -> None:
    """Make the stream as ours is made: in files, each message synced, atomic batches allowed."""
    client = await nats.connect(url)
    config = StreamConfig(name=STREAM, subjects=["bare.>"], allow_atomic=True)
    await client.jetstream().add_stream(config)
    await client.close()


async def relay(dsn: str, url: str) -> None:
    connection, client = await asyncpg.connect(dsn), await nats.connect(url)
    while True:
        async with connection.transaction():
            rows = await connection.fetch(TAKE, BATCH)
            if rows:
                await _publish(client, rows)
                gone = [row["id"] for row in rows]
                await connection.execute("DELETE FROM public.bare_outbox WHERE id = ANY ($1)", gone)
        if not rows:
            await asyncio.sleep(POLL_SECONDS)


async def _publish(client: Client, rows: list[asyncpg.Record]) -> None:
    batch = uuid4().hex
    *earlier, last = [
        (
            row["body"].encode(),
            {
                "Nats-Msg-Id": str(row["event_id"]),
                "Nats-Batch-Id": batch,
                "Nats-Batch-Sequence": str(nth),
            },
        )
        for nth, row in enumerate(rows, start=1)
    ]
    for body, headers in earlier:
        await client.publish(SUBJECT, body, headers=headers)
    body, headers = last
    commit = headers | {"Nats-Batch-Commit": "1"}
    reply = await client.request(SUBJECT, body, headers=commit, timeout=10)
    if "error" in (answer := orjson.loads(reply.data)):
        raise AssertionError(answer)


async def consumer(dsn: str, url: str) -> None:
    connection, client = await asyncpg.connect(dsn), await nats.connect(url)
    pull = await client.jetstream().pull_subscribe("bare.>", durable="bare", stream=STREAM)
    while True:
        try:
            messages = await pull.fetch(BATCH, timeout=POLL_SECONDS)
        except TimeoutError:
            continue
        told = [orjson.loads(each.data) for each in messages]
        await connection.execute(
            PROJECT,
            [each["id"] for each in told],
            [each["data"]["referral_id"] for each in told],
            [each["type"] for each in told],
            [datetime.fromisoformat(each["time"]) for each in told],
            [orjson.dumps(each["data"]).decode() for each in told],
        )
        for each in messages:
            await each.ack()


if __name__ == "__main__":
    uvloop.run({"relay": relay, "consumer": consumer}[sys.argv[1]](*sys.argv[2:]))
