"""Requests over a fixed number of connections, each sending the next when the last is answered.

Raw sockets and httptools, so that what is measured is the server and not its client. Latencies are
of single requests; the rate is of all that were answered within the measured time.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools

CONNECTIONS = 32
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        headers = {"Host": host, "Content-Length": str(len(self.body)), **self.headers}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Load:
    """What was answered: requests per second, and milliseconds by percentile."""

    per_second: float
    p50: float
    p95: float
    p99: float
    answered: int

    @classmethod
    def of(cls, latencies_ms: list[float], *, seconds: float) -> "Load":
        ordered = sorted(latencies_ms)
        at = {share: ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.99)}
        return cls(
            per_second=round(len(ordered) / seconds, 1),
            p50=round(at[0.5], 2),
            p95=round(at[0.95], 2),
            p99=round(at[0.99], 2),
            answered=len(ordered),
        )


class UnexpectedAnswerError(AssertionError):
    """A server answered a request of the load with something else than success."""


@dataclass(slots=True)
class _Connection(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    requests: Iterator[bytes]
    deadline: float
    measured_from: float
    latencies_ms: list[float]
    done: "asyncio.Future[None]"
    transport: asyncio.Transport | None = None
    parser: "httptools.HttpResponseParser | None" = None
    sent_at: float = 0.0
    body: bytearray = field(default_factory=bytearray)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own class is none
        self._send()

    def data_received(self, data: bytes) -> None:
        assert self.parser is not None
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        assert self.parser is not None
        now = time.perf_counter()
        status = self.parser.get_status_code()
        if status >= 300:
            self._end(UnexpectedAnswerError(f"{status}: {bytes(self.body[:500])!r}"))
            return
        if self.measured_from <= self.sent_at and now <= self.deadline:
            self.latencies_ms.append((now - self.sent_at) * 1000)
        if now < self.deadline:
            asyncio.get_running_loop().call_soon(self._send)
        else:
            self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._end(exc or ConnectionResetError("the server closed the connection"))

    def _send(self) -> None:
        assert self.transport is not None
        self.parser = httptools.HttpResponseParser(self)
        self.body.clear()
        wire = next(self.requests)
        self.sent_at = time.perf_counter()
        self.transport.write(wire)

    def _end(self, error: Exception | None) -> None:
        assert self.transport is not None
        if not self.done.done():
            if error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(error)
        self.transport.close()


async def load(
    url: str,
    requests: Iterator[Request],
    *,
    seconds: float,
    connections: int = CONNECTIONS,
    warm_up: float = WARM_UP_SECONDS,
) -> Load:
    """Send *requests* to *url* for *seconds* after the warm-up; every one must succeed.

    Raises:
        UnexpectedAnswerError: one did not.
    """
    parts = urlsplit(url)
    host = parts.netloc
    loop = asyncio.get_running_loop()
    wires = (each.wire(host) for each in requests)
    latencies: list[float] = []
    measured_from = time.perf_counter() + warm_up
    ends = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(
            lambda done=done: _Connection(  # type: ignore[misc]  # a default argument binds it
                requests=wires,
                deadline=measured_from + seconds,
                measured_from=measured_from,
                latencies_ms=latencies,
                done=done,
            ),
            str(parts.hostname),
            int(parts.port or 80),
        )
        ends.append(done)
    await asyncio.gather(*ends)
    return Load.of(latencies, seconds=seconds)
