"""Paging by position, not by number: a list that grows meanwhile neither repeats nor skips.

A cursor is the (moment, id) of the last item seen, packed into 32 opaque characters.
"""

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from shared.http.problems import Problem

T = TypeVar("T")
R = TypeVar("R")

AT_MOST = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PACKED = struct.Struct(">q16s")

Limit = Annotated[int, Query(ge=1, le=AT_MOST, description="How many items at most")]
LongLimit = Annotated[int, Query(ge=1, le=2 * AT_MOST, description="How many items at most")]
Cursor = Annotated[
    str | None, Query(description="`next` of the page before; leave out for the first page")
]


class BadCursor(Problem):
    status = 400
    type = "/problems/bad-cursor"
    title = "This is no cursor of ours; leave it out to start from the first page"


class Position(NamedTuple):
    """Where an item stands in a list ordered by moment and id."""

    at: datetime
    id: UUID


class Page(BaseModel, Generic[T]):
    """A part of a list; `next` leads to the part after it."""

    items: list[T]
    next: str | None = Field(
        None,
        description="Absent on the last page",
        examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
    )


def encode(position: Position) -> str:
    since = (position.at - EPOCH) // MICROSECOND
    return base64.urlsafe_b64encode(PACKED.pack(since, position.id.bytes)).decode()


def decode(cursor: str) -> Position:
    """Return what `encode` packed.

    Raises:
        BadCursor: it did not come from there.
    """
    try:
        since, raw = PACKED.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
        return Position(EPOCH + since * MICROSECOND, UUID(bytes=raw))
    except (binascii.Error, struct.error, ValueError, OverflowError):
        raise BadCursor from None


def paged(
    found: Sequence[R], *, limit: int, show: Callable[[R], T], position: Callable[[R], Position]
) -> Page[T]:
    """Return a page of *found*, which was asked for with one item more than *limit*."""
    shown = found[:limit]
    more = encode(position(shown[-1])) if len(found) > limit else None
    return Page[T](items=[show(each) for each in shown], next=more)
