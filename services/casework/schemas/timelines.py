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
    more = encode(Position(shown[-1].happened_at, shown[-1].id)) if len(lines) > limit else None
    labels = {kind: _label(kind) for kind in {line.kind for line in shown}}
    items = [_line(line, labels[line.kind]) for line in shown]
    return orjson.dumps({"items": items, "next": more}, option=orjson.OPT_UTC_Z)


def _line(line: Line, label: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "source_kind": line.source_kind,
        "source_id": str(line.source_id),
        "referral_id": str(line.referral_id),
        "kind": line.kind,
        "label": label,
        "happened_at": line.happened_at,
        "detail": orjson.Fragment(line.detail),
    }


def _label(kind: str) -> Mapping[str, str]:
    return InBothLanguages.of("timeline_kinds", kind).model_dump()
