"""What each service's NATS user may publish and subscribe to, computed from the code.

Nobody may use the whole JetStream API. A service may make its own stream again, and its own
consumers on others' streams: the server checks the filter in the subject of that request, so a
service cannot read events of an entity that it has not subscribed to.
"""

from collections.abc import Iterator, Mapping

from deploy.embedded.plan import LISTENER
from deploy.nats_config import NatsUser
from services.casework.worker import subscriptions as casework
from services.notify.worker import subscriptions as notify
from services.referral.worker import subscriptions as referral
from shared.messaging.broker import inbox_prefix, wake_subject
from shared.messaging.streams import stream_config, stream_name
from shared.messaging.subscriptions import Subscriptions

SERVICES: tuple[Subscriptions, ...] = (referral, casework, notify)


# For consumers of others to be tried with: it hears how live handoffs go, and nothing else.
HEARD_BY_LISTENER = "deflection.handoff.>"


def users(passwords: Mapping[str, str]) -> tuple[NatsUser, ...]:
    """Return one user per service, and the listener; *passwords* are by name."""
    services = (
        NatsUser(
            name=each.service,
            password=passwords[each.service],
            publish=tuple(_publish(each)),
            subscribe=(f"{inbox_prefix(each.service)}.>", wake_subject(each.service)),
        )
        for each in SERVICES
    )
    listener = NatsUser(
        name=LISTENER,
        password=passwords[LISTENER],
        publish=tuple(_one_consumer(stream_name("referral"), LISTENER, HEARD_BY_LISTENER)),
        subscribe=(f"{inbox_prefix(LISTENER)}.>",),
    )
    return (*services, listener)


def _publish(service: Subscriptions) -> Iterator[str]:
    yield wake_subject(service.service)
    own = stream_config(service.service)
    if own.subjects:
        yield from own.subjects
        for verb in ("CREATE", "UPDATE", "INFO"):
            yield f"$JS.API.STREAM.{verb}.{own.name}"
    for each in service.all:
        yield from _one_consumer(stream_name(each.source), each.durable, each.filter)


def _one_consumer(stream: str, durable: str, subjects: str) -> Iterator[str]:
    yield f"$JS.API.CONSUMER.CREATE.{stream}.{durable}.{subjects}"
    yield f"$JS.API.CONSUMER.INFO.{stream}.{durable}"
    yield f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
    yield f"$JS.ACK.{stream}.{durable}.>"
