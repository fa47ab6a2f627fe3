"""HTTP bodies of the notify service."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.notify.domain.notices import NoticeKind


class NoticeView(BaseModel):
    """A notice to you, because of a role you have."""

    id: UUID
    kind: NoticeKind
    text: str = Field(examples=["A referral has arrived and waits for somebody to accept it."])
    referral_id: UUID
    caused_at: datetime
