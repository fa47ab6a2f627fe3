import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.observability.context import (
    child_traceparent,
    correlated,
    current_request_id,
    current_traceparent,
    new_traceparent,
    sane_request_id,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
VALID = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def test_a_new_trace_is_valid() -> None:
    assert VALID.fullmatch(new_traceparent())


def test_a_child_keeps_the_trace_and_has_a_span_of_its_own() -> None:
    _, trace, span, flags = child_traceparent(f"00-{TRACE}-{SPAN}-01").split("-")

    assert (trace, flags) == (TRACE, "01")
    assert span != SPAN


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "not a trace",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}",
    ],
)
def test_what_is_no_traceparent_starts_a_trace_anew(stated: str | None) -> None:
    made = child_traceparent(stated)

    assert VALID.fullmatch(made)
    assert TRACE not in made


def test_a_future_version_is_continued_as_ours() -> None:
    assert child_traceparent(f"01-{TRACE}-{SPAN}-01-more").startswith(f"00-{TRACE}-")


@given(st.text())
def test_whatever_is_stated_a_valid_traceparent_comes_out(stated: str) -> None:
    assert VALID.fullmatch(child_traceparent(stated))


@pytest.mark.parametrize("stated", ["a", "A-1_b", "x" * 64])
def test_a_request_id_that_looks_like_one_is_kept(stated: str) -> None:
    assert sane_request_id(stated) == stated


@pytest.mark.parametrize("stated", [None, "", "x" * 65, "a b", "a\nb", "ä"])
def test_any_other_request_id_is_replaced(stated: str | None) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", sane_request_id(stated))


def test_ids_hold_inside_and_are_gone_after() -> None:
    with correlated("outer", "trace"), correlated("inner", None):
        assert (current_request_id(), current_traceparent()) == ("inner", None)
    assert (current_request_id(), current_traceparent()) == (None, None)
