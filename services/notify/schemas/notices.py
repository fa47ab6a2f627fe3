"""Notices as they are read."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.notify.domain.notices import NoticeKind
from shared.http.languages import InBothLanguages


class NoticeView(BaseModel):
    """A notice to you, or to everybody with a role that you have."""

    id: UUID
    kind: NoticeKind
    text: str = Field(examples=["A referral has arrived and waits for somebody to accept it."])
    words: InBothLanguages
    urgent: bool
    to_role: str | None = Field(
        description="The role it is to; absent when it is to you alone", examples=["peer"]
    )
    referral_id: UUID | None
    release_id: UUID | None
    statement: InBothLanguages | None = Field(
        description="What the law says of what you are told here, if it is about a person"
    )
    caused_at: datetime
    read_at: datetime | None = Field(description="When you marked it as read")
