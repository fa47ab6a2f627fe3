"""What each service's NATS user may publish and subscribe to, computed from the code.

Nobody may use the whole JetStream API. A service may make its own stream again, and its own
consumers on others' streams: the server checks the filter in the subject of that request, so a
service cannot read events of an entity that it has not subscribed to.
"""

from collections.abc import Iterator, Mapping

from deploy.embedded.nats_server import NatsUser
from services.casework.worker import subscriptions as casework
from services.notify.worker import subscriptions as notify
from services.referral.worker import subscriptions as referral
from shared.messaging.broker import inbox_prefix, wake_subject
from shared.messaging.streams import stream_config, stream_name
from shared.messaging.subscriptions import Subscription, Subscriptions

SERVICES: tuple[Subscriptions, ...] = (referral, casework, notify)


def users(passwords: Mapping[str, str]) -> tuple[NatsUser, ...]:
    """Return one user per service; *passwords* are by service name."""
    return tuple(
        NatsUser(
            name=each.service,
            password=passwords[each.service],
            publish=tuple(_publish(each)),
            subscribe=(f"{inbox_prefix(each.service)}.>", wake_subject(each.service)),
        )
        for each in SERVICES
    )


def _publish(service: Subscriptions) -> Iterator[str]:
    yield wake_subject(service.service)
    own = stream_config(service.service)
    if own.subjects:
        yield from own.subjects
        for verb in ("CREATE", "UPDATE", "INFO"):
            yield f"$JS.API.STREAM.{verb}.{own.name}"
    for subscription in service.all:
        yield from _consume(subscription)


def _consume(subscription: Subscription) -> Iterator[str]:
    stream, durable = stream_name(subscription.source), subscription.durable
    yield f"$JS.API.CONSUMER.CREATE.{stream}.{durable}.{subscription.filter}"
    yield f"$JS.API.CONSUMER.INFO.{stream}.{durable}"
    yield f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
    yield f"$JS.ACK.{stream}.{durable}.>"
