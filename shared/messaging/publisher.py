"""Publishing journal rows to JetStream, acknowledged, in order, as fast as durability allows.

A handful of rows goes out pipelined. More go as one atomic batch, which the server makes durable
with a few disk syncs instead of one per message. Whatever fails is simply published again: the
message id lets the server drop the repetition, and consumers' inboxes would anyway.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol
from uuid import uuid4

import orjson
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError

from shared.messaging.cloudevents import Document, to_message
from shared.messaging.streams import ensure_stream, stream_name

PIPELINED_AT_MOST = 15
ACKNOWLEDGED_WITHIN_SECONDS = 5.0


class JournalRow(Protocol):
    """What is published: a journalled event."""

    @property
    def position(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> Document: ...


class BatchRefusedError(Exception):
    """The server did not take the atomic batch; publish its rows one by one."""


class Publisher:
    """Publishes one service's events to its own stream."""

    def __init__(self, client: Callable[[], Client | None], service: str) -> None:
        self._client = client
        self._service = service

    @property
    def ready(self) -> bool:
        client = self._client()
        return client is not None and client.is_connected

    async def publish(self, rows: Sequence[Any]) -> None:
        """Return when the server has acknowledged every one of *rows*, at most 500 of them."""
        client = self._client()
        if client is None:
            raise ConnectionError("not connected to NATS")
        try:
            await self._send(client, rows)
        except (NoStreamResponseError, NoRespondersError):
            await ensure_stream(client.jetstream(), self._service)
            await self._send(client, rows)

    async def ensure_stream(self) -> None:
        """Make the service's stream if it is gone, before anybody has something to say."""
        client = self._client()
        if client is not None and client.is_connected:
            await ensure_stream(client.jetstream(), self._service)

    async def _send(self, client: Client, rows: Sequence[JournalRow]) -> None:
        if len(rows) > PIPELINED_AT_MOST:
            try:
                await self._send_batch(client, rows)
            except BatchRefusedError:
                await self._send_pipelined(client.jetstream(), rows)
        else:
            await self._send_pipelined(client.jetstream(), rows)

    async def _send_pipelined(
        self, jetstream: JetStreamContext, rows: Sequence[JournalRow]
    ) -> None:
        sending: list[Awaitable[object]] = []
        for row in rows:
            headers, body = to_message(row.body, position=row.position)
            sending.append(
                jetstream.publish(
                    row.subject,
                    body,
                    headers=headers,
                    stream=stream_name(self._service),
                    timeout=ACKNOWLEDGED_WITHIN_SECONDS,
                )
            )
        await asyncio.gather(*sending)

    async def _send_batch(self, client: Client, rows: Sequence[JournalRow]) -> None:
        batch_id = uuid4().hex
        *earlier, last = [_in_batch(row, batch_id, nth) for nth, row in enumerate(rows, start=1)]
        for subject, headers, body in earlier:
            await client.publish(subject, body, headers=headers)
        subject, headers, body = last
        headers["Nats-Batch-Commit"] = "1"
        reply = await client.request(
            subject, body, headers=headers, timeout=ACKNOWLEDGED_WITHIN_SECONDS
        )
        answer = orjson.loads(reply.data)
        if "error" in answer:
            # For one, a repetition of rows that the server already holds is refused as a whole.
            raise BatchRefusedError(APIError.from_error(answer["error"]))


def _in_batch(row: JournalRow, batch_id: str, nth: int) -> tuple[str, dict[str, str], bytes]:
    headers, body = to_message(row.body, position=row.position)
    return (
        row.subject,
        {**headers, "Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(nth)},
        body,
    )
