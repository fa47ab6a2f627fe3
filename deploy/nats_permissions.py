"""Which subjects each service's NATS user may publish and subscribe to; all else is denied.

A service tells events of its own entities on its own stream and drains its own consumers. It can
neither read another's replies nor make a consumer with a filter that is not in its list.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.embedded.nats_server import NatsUser


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable consumer as the server's permissions name it."""

    durable: str
    source: str
    filter: str

    @property
    def stream(self) -> str:
        return self.source.upper()

    def publish(self) -> tuple[str, ...]:
        """Return what its owner must be able to publish to make it, read it and acknowledge."""
        consumer = f"{self.stream}.{self.durable}"
        return (
            f"$JS.API.CONSUMER.CREATE.{consumer}.{self.filter}",
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        )


ENTITIES: Mapping[str, tuple[str, ...]] = {
    "referral": ("referral", "handoff", "charge", "staff"),
    "casework": (
        *("participant", "episode", "contact", "followup", "need", "overdose"),
        *("consent", "disclosure", "milestone", "record", "feedback"),
    ),
    "notify": ("notice", "suggestion"),
}

CONSUMERS: Mapping[str, tuple[Consumer, ...]] = {
    "referral": (),
    "casework": (
        Consumer("casework-intake", "referral", "deflection.referral.created.v1"),
        Consumer("casework-timeline-referral", "referral", "deflection.referral.>"),
        Consumer("casework-timeline-handoff", "referral", "deflection.handoff.>"),
    ),
    "notify": (
        Consumer("notify-referral", "referral", "deflection.referral.>"),
        Consumer("notify-handoff", "referral", "deflection.handoff.>"),
    ),
}


def users(passwords: Mapping[str, str]) -> tuple[NatsUser, ...]:
    """Return the user of every service; *passwords* by service."""
    return tuple(
        NatsUser(
            name=service,
            password=passwords[service],
            publish=_publish(service),
            subscribe=(f"_INBOX_{service}.>", f"wake.{service}"),
        )
        for service in ENTITIES
    )


def _publish(service: str) -> tuple[str, ...]:
    own = service.upper()
    consumers = CONSUMERS[service]
    sources = sorted({each.stream for each in consumers})
    return (
        *(f"deflection.{entity}.>" for entity in ENTITIES[service]),
        f"wake.{service}",
        *(f"$JS.API.STREAM.{verb}.{own}" for verb in ("CREATE", "UPDATE", "INFO")),
        *(f"$JS.API.STREAM.INFO.{stream}" for stream in sources),
        *(subject for each in consumers for subject in each.publish()),
    )
