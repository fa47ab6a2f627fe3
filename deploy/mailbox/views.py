"""The mailbox's JSON."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from deploy.mailbox.mail import Mail, Summary


class SummaryView(BaseModel):
    """One mail of the list."""

    id: UUID
    received_at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str

    @classmethod
    def of(cls, summary: Summary) -> Self:
        return cls.model_validate(summary, from_attributes=True)


class ListView(BaseModel):
    """The newest mails, newest first."""

    items: list[SummaryView]


class AttachmentView(BaseModel):
    """Something that came along."""

    name: str
    kind: str


class MailView(SummaryView):
    """One mail whole."""

    headers: list[tuple[str, str]]
    text: str
    is_source: bool
    attachments: list[AttachmentView]

    @classmethod
    def whole(cls, mail: Mail) -> Self:
        return cls(
            **SummaryView.of(mail.summary).model_dump(),
            headers=list(mail.headers),
            text=mail.text,
            is_source=mail.is_source,
            attachments=[
                AttachmentView(name=each.name, kind=each.kind) for each in mail.attachments
            ],
        )
