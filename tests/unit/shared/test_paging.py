import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.paging import BadCursor, Position, decode, encode, paged

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(at=MOMENTS, item=st.uuids())
def test_a_cursor_leads_back_to_where_it_came_from(at: datetime, item: UUID) -> None:
    assert decode(encode(Position(at, item))) == Position(at, item)


@given(st.text())
def test_what_is_no_cursor_is_a_problem_and_never_a_crash(garbage: str) -> None:
    try:
        position = decode(garbage)
    except BadCursor:
        return
    assert encode(position) == garbage


@given(st.binary(min_size=24, max_size=24))
def test_any_24_bytes_are_a_position_or_a_problem(raw: bytes) -> None:
    cursor = base64.urlsafe_b64encode(raw).decode()
    try:
        position = decode(cursor)
    except BadCursor:
        return
    assert encode(position) == cursor


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é" * 32, "A" * 33, "A" * 31 + "="])
def test_a_mangled_cursor_is_a_problem(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode(cursor)


ITEMS = [Position(datetime(2026, 3, day, tzinfo=UTC), UUID(int=day)) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("found", "limit", "days", "last"),
    [
        (ITEMS[:3], 2, [1, 2], ITEMS[1]),
        (ITEMS[:2], 2, [1, 2], None),
        ([], 2, [], None),
    ],
)
def test_a_page_leads_on_only_if_there_is_more(
    found: list[Position], limit: int, days: list[int], last: Position | None
) -> None:
    page = paged(found, limit=limit, show=lambda each: each.at.day, position=lambda each: each)

    assert page.items == days
    assert page.next == (encode(last) if last else None)
