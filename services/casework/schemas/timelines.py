"""Bodies of timelines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from services.casework.store.timeline import Line
from services.casework.tables.timeline import TimelineEntry
from shared.http.codes import shown_code
from shared.http.languages import InBothLanguages
from shared.http.paging import Position, encode


class TimelineLine(BaseModel):
    """One line of a participant's timeline."""

    id: UUID
    source_kind: str = Field(
        description="What kind of thing the line tells of", examples=["referral"]
    )
    source_id: UUID
    referral_id: UUID
    kind: Annotated[str, shown_code("timeline_kinds")]
    label: InBothLanguages = Field(
        description="What the kind is called", examples=[{"en": "Referred", "es": "Derivación"}]
    )
    happened_at: datetime
    detail: dict[str, Any] = Field(
        description="Codes only", examples=[{"pathway": "officer_referral"}]
    )

    @classmethod
    def of(cls, entry: TimelineEntry) -> Self:
        shown = {name: getattr(entry, name) for name in cls.model_fields.keys() - {"label"}}
        return cls(**shown, label=InBothLanguages.of("timeline_kinds", entry.kind))


def page_of_lines(lines: Sequence[Line], *, limit: int) -> bytes:
    """Return up to *limit* of *lines* as a page in JSON, each as TimelineLine has it.

    Written directly: pages are long, and a model of each line takes ten times as long.
    """
    shown = lines[:limit]
    more = _position_of(shown[-1]) if len(lines) > limit else None
    labels = {kind: _label(kind) for kind in {line.kind for line in shown}}
    items = [
        {
            "id": id_,
            "source_kind": source_kind,
            "source_id": source_id,
            "referral_id": referral_id,
            "kind": kind,
            "label": labels[kind],
            "happened_at": happened_at,
            "detail": orjson.Fragment(detail),
        }
        for id_, source_kind, source_id, referral_id, kind, happened_at, detail in shown
    ]
    return orjson.dumps({"items": items, "next": more}, option=orjson.OPT_UTC_Z)


def _position_of(line: Line) -> str:
    return encode(Position(line.happened_at, UUID(line.id)))


def _label(kind: str) -> Mapping[str, str]:
    return InBothLanguages.of("timeline_kinds", kind).model_dump()
