"""The shape of every event: an envelope of ids, and a payload of ids and codes.

A class is one version of one fact for ever: a breaking change is a new class with a new subject,
and names are never reused. Nothing personal may be declared here: events outlive consent.
"""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from uuid_utils.compat import uuid7

ENVELOPE = frozenset(
    {
        "event_id",
        "programme_id",
        "aggregate_id",
        "aggregate_version",
        "occurred_at",
        "traceparent",
        "request_id",
    }
)

CATALOGUE: dict[str, type["Event"]] = {}


class Event(BaseModel):
    """One fact, told once per aggregate version."""

    # Unknown fields are ignored: a publisher may add one before its consumers know it.
    model_config = ConfigDict(frozen=True, extra="ignore")

    owner: ClassVar[str]
    subject: ClassVar[str]

    event_id: UUID = Field(default_factory=uuid7)
    programme_id: str
    aggregate_id: UUID
    aggregate_version: int = Field(ge=1)
    occurred_at: AwareDatetime
    traceparent: str | None = None
    request_id: str | None = None

    def __init_subclass__(cls, *, subject: str | None = None) -> None:
        super().__init_subclass__()
        if subject is None:
            return
        if subject in CATALOGUE:
            raise TypeError(f"the subject {subject} is taken by {CATALOGUE[subject].__name__}")
        cls.subject = subject
        CATALOGUE[subject] = cls

    def payload(self) -> dict[str, Any]:
        """Return what travels as data; the envelope travels as CloudEvents attributes."""
        return self.model_dump(mode="json", exclude=set(ENVELOPE))


def entity(subject: str) -> str:
    """Return the second word of a subject: `deflection.<entity>.<past_tense>.v1`."""
    return subject.split(".")[1]
