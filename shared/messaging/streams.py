"""JetStream streams and durable consumers: their settings, and making them exist.

The broker is disposable: whoever needs a stream or consumer makes it again when it is gone.
A publishing service makes its own stream; a consuming one makes its own consumers on it.
"""

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from shared.events.base import CATALOGUE, entity
from shared.messaging.subscriptions import Subscription

ACK_WAIT_SECONDS = 30
MAX_UNACKNOWLEDGED = 2_000
KEPT_SECONDS = 14 * 24 * 3600  # the journal is what lasts; the stream only makes it fast
DEDUPLICATION_SECONDS = 120


def stream_name(service: str) -> str:
    return service.upper()


def stream_config(service: str) -> StreamConfig:
    """Return the stream of everything *service* tells."""
    entities = {entity(kind.subject) for kind in CATALOGUE.values() if kind.owner == service}
    return StreamConfig(
        name=stream_name(service),
        subjects=sorted(f"deflection.{each}.>" for each in entities),
        storage=StorageType.FILE,
        max_age=KEPT_SECONDS,
        duplicate_window=DEDUPLICATION_SECONDS,
        allow_atomic=True,
        num_replicas=1,
    )


def consumer_config(subscription: Subscription) -> ConsumerConfig:
    """Return the durable pull consumer of *subscription*; the inbox makes redelivery harmless."""
    return ConsumerConfig(
        name=subscription.durable,
        durable_name=subscription.durable,
        filter_subject=subscription.filter,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=MAX_UNACKNOWLEDGED,
    )


async def ensure_stream(jetstream: JetStreamContext, service: str) -> bool:
    """Make the service's own stream if it is gone; return whether it was.

    A stream of an earlier version learns the subjects of entities that are new since. A service
    that tells nothing has no stream.
    """
    config = stream_config(service)
    if not config.subjects:
        return False
    try:
        present = (await jetstream.stream_info(stream_name(service))).config.subjects or []
        if not set(config.subjects) <= set(present):
            # Only ever more: during an upgrade the old version looks after the same stream.
            config.subjects = sorted({*config.subjects, *present})
            await jetstream.update_stream(config)
    except NotFoundError:
        await jetstream.add_stream(config)
        return True
    return False


async def ensure_consumer(jetstream: JetStreamContext, subscription: Subscription) -> bool:
    """Make the subscription's consumer if it is gone or filters otherwise; return whether so.

    Raises:
        NotFoundError: the source's stream does not exist (yet); its owner will make it.
    """
    stream = stream_name(subscription.source)
    try:
        present = (await jetstream.consumer_info(stream, subscription.durable)).config
        if present.filter_subject == subscription.filter:
            return False
    except NotFoundError:
        pass
    await jetstream.add_consumer(stream, consumer_config(subscription))
    return True
