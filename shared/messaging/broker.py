"""The one NATS connection of a process, with the settings that survive a broker's death."""

from collections.abc import Awaitable, Callable

from faststream.nats import NatsBroker

PING_SECONDS = 5  # the client's default of 120 s would notice a silent broker minutes late
UNANSWERED_PINGS = 2
FOREVER = -1  # when reconnects run out, FastStream's pull loop spins and freezes the event loop


def make_broker(
    url: str, *, service: str, on_error: Callable[[Exception], Awaitable[None]]
) -> NatsBroker:
    """Return a broker that keeps reconnecting for as long as the process lives."""
    return NatsBroker(
        url,
        name=service,
        inbox_prefix=inbox_prefix(service),
        max_reconnect_attempts=FOREVER,
        reconnect_time_wait=1,
        connect_timeout=2,
        ping_interval=PING_SECONDS,
        max_outstanding_pings=UNANSWERED_PINGS,
        error_cb=on_error,
        graceful_timeout=3,
        apply_types=False,  # it would look at each message in a thread of its own
        logger=None,
    )


def inbox_prefix(service: str) -> str:
    """Return the private prefix of reply subjects: no user may listen to another's."""
    return f"_INBOX_{service}"


def wake_subject(service: str) -> str:
    """Return where an HTTP process says "committed" to its worker; a hint, never needed."""
    return f"wake.{service}"
