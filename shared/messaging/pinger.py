"""Says "committed" from an HTTP process to its service's worker, without waiting or caring.

Only a hint that spares the worker's next poll: lost pings cost a second, never an event. (A
NOTIFY inside the transaction would do the same at a quarter of the write rate.)
"""

import asyncio

from nats.aio.client import Client

from shared.messaging.broker import make_broker, wake_subject


class Pinger:
    """Owns a NATS connection that is used for nothing but the hint."""

    def __init__(self, nats_url: str, *, service: str) -> None:
        self._broker = make_broker(nats_url, service=service, on_error=_ignore)
        self._subject = wake_subject(service)
        self._client: Client | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        try:
            self._client = await self._broker.connect()
            await asyncio.Event().wait()
        finally:
            await self._broker.stop()

    def ping(self) -> None:
        if self._client is None or not self._client.is_connected:
            return
        sending = asyncio.get_running_loop().create_task(self._client.publish(self._subject))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)


async def _ignore(_: Exception) -> None:
    """A lost hint needs no word: the worker polls anyway, and says so if the broker is away."""
