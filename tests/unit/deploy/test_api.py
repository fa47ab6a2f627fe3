"""How commands ask a service that is busy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from deploy.cli.api import AGAIN_AT_MOST, _Answering


@contextmanager
def busy(times: int, *, stated: str | None = "2") -> Iterator[tuple[str, list[bytes]]]:
    """Serve 503 so many times and then 200; yield the address, and the bodies that came."""
    came: list[bytes] = []

    class Answers(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if len(came) <= times else 200)
            if stated is not None:
                self.send_header("Retry-After", stated)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:  # nothing to say
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", came
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("deploy.cli.api.time.sleep", found.append)
    return found


def put(url: str) -> int:
    with httpx.Client(transport=_Answering("casework")) as http:
        return http.put(url, content=b"said").status_code


def test_a_busy_service_is_asked_again_when_it_said(waited: list[float]) -> None:
    with busy(2) as (url, came):
        assert put(url) == 200
    assert (came, waited) == ([b"said"] * 3, [2, 2])


def test_a_service_that_stays_busy_is_left_alone_in_the_end(waited: list[float]) -> None:
    with busy(99) as (url, came):
        assert put(url) == 503
    assert len(came) == AGAIN_AT_MOST + 1
    assert len(waited) == AGAIN_AT_MOST


@pytest.mark.parametrize("stated", [None, "soon", "99"])
def test_what_a_service_says_of_waiting_is_not_followed_blindly(
    stated: str | None, waited: list[float]
) -> None:
    with busy(1, stated=stated) as (url, _):
        assert put(url) == (200 if stated == "99" else 503)
    assert waited == ([5] if stated == "99" else [])
