"""What one line of a timeline is, and who may read which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline: one event. *detail* holds codes only."""

    id: UUID
    source_kind: str
    source_id: UUID
    programme_id: str
    referral_id: UUID
    kind: str
    happened_at: datetime
    version: int
    detail: Mapping[str, Any]
