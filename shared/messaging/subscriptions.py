"""Which events a service handles, declared beside the handlers like routes on a router.

A handler is a plain function of events and sessions, so the broker's delivery, the repair from
the journal, a replay and a test all call the same thing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.db.session import Sessions
from shared.events.base import Event, entity

E = TypeVar("E", bound=Event)
Handler = Callable[[E, Sessions], Awaitable[None]]
BatchHandler = Callable[[Sequence[E], Sessions], Awaitable[None]]

ONE_AT_A_TIME = 1


@dataclass(frozen=True, slots=True)
class Subscription:
    """A durable consumer: events of one entity of one source, and what handles them."""

    durable: str
    events: tuple[type[Event], ...]
    handle: Callable[[Sequence[Event], Sessions], Awaitable[None]]
    at_most: int = ONE_AT_A_TIME

    @property
    def source(self) -> str:
        return self.events[0].owner

    @property
    def filter(self) -> str:
        """The one subject filter of the consumer; the server's permissions name it."""
        if len(self.events) == 1:
            return self.events[0].subject
        return f"deflection.{entity(self.events[0].subject)}.>"

    @property
    def subjects(self) -> frozenset[str]:
        return frozenset(each.subject for each in self.events)

    def wants(self, event: Event) -> bool:
        return isinstance(event, self.events)


@dataclass(slots=True)
class Subscriptions:
    """The subscriptions of one service, in the order in which they were declared."""

    service: str
    all: list[Subscription] = field(default_factory=list)

    def on(self, event: type[E], *, durable: str) -> Callable[[Handler[E]], Handler[E]]:
        """Handle each event by itself, in a transaction of its own."""

        def declare(handler: Handler[E]) -> Handler[E]:
            async def handle(events: Sequence[Any], sessions: Sessions) -> None:
                for each in events:
                    await handler(each, sessions)

            self._add(Subscription(durable=durable, events=(event,), handle=handle))
            return handler

        return declare

    def on_batch(
        self, *events: type[Event], durable: str, at_most: int
    ) -> Callable[[BatchHandler[Event]], BatchHandler[Event]]:
        """Handle up to *at_most* events together, in one transaction."""

        def declare(handler: BatchHandler[Event]) -> BatchHandler[Event]:
            self._add(Subscription(durable=durable, events=events, handle=handler, at_most=at_most))
            return handler

        return declare

    def _add(self, subscription: Subscription) -> None:
        if not subscription.durable.startswith(f"{self.service}-"):
            raise ValueError(f"{subscription.durable} must begin with '{self.service}-'")
        if any(subscription.durable == each.durable for each in self.all):
            raise ValueError(f"the durable {subscription.durable} is declared twice")
        if len({entity(each.subject) for each in subscription.events}) != 1:
            raise ValueError(f"{subscription.durable} must keep to the events of one entity")
        self.all.append(subscription)

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(each.source for each in self.all)
