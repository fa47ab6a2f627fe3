"""The watchdog: makes lost streams and consumers again, and has the journal read when it did.

Pull subscribers notice neither loss by themselves: they go silent without an error.
"""

from collections.abc import Callable, Sequence

import structlog
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.messaging.publisher import Publisher
from shared.messaging.streams import ensure_consumer
from shared.messaging.subscriptions import Subscription

log = structlog.get_logger()

EVERY_SECONDS = 2.0


class Watchdog:
    """Looks after the stream a service publishes to and the consumers it reads from."""

    def __init__(
        self,
        client: Callable[[], Client | None],
        publisher: Publisher,
        subscriptions: Sequence[Subscription],
        *,
        on_lost: Callable[[str], None],
    ) -> None:
        self._client = client
        self._publisher = publisher
        self._subscriptions = subscriptions
        self._on_lost = on_lost

    async def check(self) -> bool:
        """Mend what is missing; return whether every consumer exists now."""
        client = self._client()
        if client is None or not client.is_connected:
            return False
        await self._publisher.ensure_stream()
        complete = True
        for subscription in self._subscriptions:
            try:
                made = await ensure_consumer(client.jetstream(), subscription)
            except NotFoundError:
                complete = False  # the source's stream: its owner's watchdog makes it
                continue
            if made:
                log.info("consumer_made", consumer=subscription.durable)
                self._on_lost(subscription.source)
        return complete
