"""Consumers: one event at a time through FastStream, many at a time through our own pull loop.

FastStream's defaults lose events, so nothing is left to them: acknowledgement is ours (its own
policy terminates a failed message), messages are read one by one (a bad one in its batch mode
takes its neighbours along), and a batch never waits to be full.
"""

from collections.abc import Sequence
from typing import assert_never
from uuid import NAMESPACE_URL, uuid5

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.db.session import Sessions
from shared.events.base import Event
from shared.messaging.broker import inbox_prefix
from shared.messaging.cloudevents import UnreadableEventError, from_document, from_message
from shared.messaging.delivery import (
    Done,
    Outcome,
    Parked,
    Retry,
    deliver_all,
    forget_retries,
    record_failure,
)
from shared.messaging.streams import consumer_config, stream_name
from shared.messaging.subscriptions import Subscription

log = structlog.get_logger()

CONCURRENT_HANDLERS = 4
PULL_SECONDS = 5.0
REST_SECONDS = 0.25


def attach(
    broker: NatsBroker, subscription: Subscription, sessions: Sessions, *, service: str
) -> None:
    """Let *broker* deliver the events of *subscription*, several at once, each by itself."""

    @broker.subscriber(
        subscription.filter,
        durable=subscription.durable,
        stream=JStream(stream_name(subscription.source), declare=False),
        config=consumer_config(subscription),
        pull_sub=PullSub(batch_size=1, timeout=PULL_SECONDS),
        max_workers=CONCURRENT_HANDLERS,
        ack_policy=AckPolicy.MANUAL,
        decoder=_whole,
        # Not taken from the connection; under the common prefix the server refuses, in silence.
        inbox_prefix=f"{inbox_prefix(service)}.".encode(),
    )
    async def receive(message: NatsMessage) -> None:
        await settle(subscription, [message.raw_message], sessions)


async def _whole(message: NatsMessage) -> NatsMessage:
    """Hand over the message itself instead of its content: we read that, and answer for it."""
    return message


async def pull_batch(client: Client, subscription: Subscription, sessions: Sessions) -> None:
    """Fetch what is there, up to the subscription's batch, and settle it; or wait a while."""
    pull = await client.jetstream().pull_subscribe_bind(
        consumer=subscription.durable, stream=stream_name(subscription.source)
    )
    try:
        while True:
            try:
                messages = await _fetch(pull, subscription.at_most)
            except TimeoutError:
                continue  # nothing to fetch
            await settle(subscription, messages, sessions)
    finally:
        if client.is_connected:
            await pull.unsubscribe()


async def _fetch(pull: JetStreamContext.PullSubscription, at_most: int) -> list[Msg]:
    """Return what is there now, as soon as anything is.

    A request for many would linger: after a quiet spell it keeps what has come until its time is
    up or all have come. So one message is awaited, which tells how many more there are.
    """
    [first] = await pull.fetch(1, timeout=PULL_SECONDS)
    more = min(first.metadata.num_pending, at_most - 1)
    if not more:
        return [first]
    try:
        return [first, *await pull.fetch(more, timeout=REST_SECONDS)]
    except TimeoutError:
        return [first]  # another worker took them


async def settle(subscription: Subscription, messages: Sequence[Msg], sessions: Sessions) -> None:
    """Handle *messages* and tell the broker of each what came of it, after the commit."""
    readable: list[tuple[Msg, Event]] = []
    for message in messages:
        try:
            event = await _read(subscription, message, sessions)
        except Exception as error:  # noqa: BLE001 - it comes again; its neighbours go on
            log.warning(
                "message_unsettled", consumer=subscription.durable, error_type=type(error).__name__
            )
            continue
        if event is not None:
            readable.append((message, event))
    outcomes = await deliver_all(subscription, [event for _, event in readable], sessions)
    for (message, event), outcome in zip(readable, outcomes, strict=True):
        await _answer(message, outcome)
        if isinstance(outcome, Done) and message.metadata.num_delivered > 1:
            await forget_retries(sessions, consumer=subscription.durable, event=event)


async def _read(subscription: Subscription, message: Msg, sessions: Sessions) -> Event | None:
    """Return the event of *message*, or settle the message here and return None."""
    try:
        event = from_document(from_message(message.headers, message.data))
    except UnreadableEventError as error:
        log.warning("event_unreadable", consumer=subscription.durable)
        await record_failure(
            sessions,
            consumer=subscription.durable,
            document=_unreadable_document(message),
            error=error,
        )
        await message.term()
        return None
    if event is None or not subscription.wants(event):
        # Not for this version of the consumer. One that learns to want it reads the journal anew.
        await message.ack()
        return None
    return event


def _unreadable_document(message: Msg) -> dict[str, object]:
    stamp = message.metadata
    name = f"{stamp.stream}:{stamp.sequence.stream}:{stamp.timestamp.isoformat()}"
    # As ASCII with escapes: the database refuses NUL, and the rest must stay as it came.
    return {
        "id": str(uuid5(NAMESPACE_URL, name)),
        "type": message.subject,
        "headers": {ascii(key): ascii(value) for key, value in (message.headers or {}).items()},
        "body": ascii(message.data),
    }


async def _answer(message: Msg, outcome: Outcome) -> None:
    match outcome:
        case Done():
            await message.ack()
        case Retry(seconds):
            await message.nak(delay=seconds)
        case Parked():
            await message.term()
        case _:
            assert_never(outcome)
