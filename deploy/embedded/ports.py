"""Ports of this machine's loopback: which are taken, and what to say then."""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from deploy.embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Port:
    """A port, what listens there, and what a person sets to move it."""

    number: int
    purpose: str
    settings: str = ""


def check_free(ports: Iterable[Port]) -> None:
    """Return if nobody listens on any of *ports*.

    Raises:
        EmbeddedError: names the first that is taken, what it is for and how to change it.
    """
    seen: dict[int, Port] = {}
    for port in ports:
        hint = f"; choose another with {port.settings}" if port.settings else ""
        if twin := seen.get(port.number):
            raise EmbeddedError(
                f"Port {port.number} is asked for by both {twin.purpose} and {port.purpose}{hint}."
            )
        seen[port.number] = port
        if reason := _refusal(port.number):
            raise EmbeddedError(
                f"Port {port.number} on {LOOPBACK}, which {port.purpose} needs, {reason}{hint}."
            )


def answers(port: int) -> bool:
    """Return whether somebody accepts connections on *port*."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False


def _refusal(port: int) -> str | None:
    with socket.socket() as probe:
        # As the servers do: connections that are only fading out are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            return "is taken" if taken else f"cannot be used ({error.strerror})"
    return None
