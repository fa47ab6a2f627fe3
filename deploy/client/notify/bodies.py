"""Bodies of notify, generated from its OpenAPI document; do not edit."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class AddressBody(BaseModel):
    """An address and the language of the mail to it."""

    model_config = ConfigDict(
        extra="forbid",
    )
    email: Annotated[
        str,
        Field(
            examples=["peer-willow@example.org"],
            pattern="^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180})\\.[A-Za-z]{2,24}$",
        ),
    ]
    language_code: Literal["en", "es"] | None = "en"


class AddressView(BaseModel):
    """An address as it is kept."""

    staff_id: Annotated[str, Field(examples=["peer-willow"])]
    email: Annotated[str, Field(examples=["peer-willow@example.org"])]
    language_code: Annotated[str, Field(examples=["en"])]
    changed_at: AwareDatetime


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class CheckView(BaseModel):
    name: Annotated[str, Field(examples=["database"])]
    ok: bool
    essential: bool
    detail: Annotated[str, Field(examples=["oldest event waits 0.0 s"])]


class CodeListLine(BaseModel):
    """A list, without its codes."""

    id: Annotated[str, Field(examples=["needs"])]
    version: Annotated[
        int, Field(description="Higher by one whenever the list changed", examples=[1])
    ]
    description: Annotated[str, Field(examples=["What a person says they need."])]


class CodeView(BaseModel):
    """One code with its labels."""

    code: Annotated[str, Field(examples=["housing"])]
    en: Annotated[str, Field(description="What people read, in English", examples=["Housing"])]
    es: Annotated[str, Field(description="The same in Spanish", examples=["Vivienda"])]
    since: Annotated[int, Field(description="The list's version in which it came", examples=[1])]
    in_use: Annotated[bool, Field(description="Retired codes are read and can no longer be sent")]
    retired_in: Annotated[
        int | None, Field(description="The list's version in which it was retired")
    ]
    can_be_chosen: Annotated[
        bool, Field(description="What only the program sets cannot be sent either")
    ]
    note: Annotated[str | None, Field(examples=["Asked for by several counties."])]


class DeadLetter(BaseModel):
    """One event that one consumer has given up on until somebody replays it."""

    consumer: Annotated[str, Field(examples=["casework-intake"])]
    event_id: UUID
    subject: Annotated[str, Field(examples=["deflection.referral.created.v1"])]
    state: Annotated[
        str,
        Field(description="parked, replaying, or handled by a replay", examples=["parked"]),
    ]
    attempts: int
    error: Annotated[str, Field(examples=["UnreadableEventError"])]
    first_failed_at: AwareDatetime
    last_failed_at: AwareDatetime


class DeadLetterWithEvent(BaseModel):
    """A dead letter and the event as it arrived (ids and codes only, as all events are)."""

    consumer: Annotated[str, Field(examples=["casework-intake"])]
    event_id: UUID
    subject: Annotated[str, Field(examples=["deflection.referral.created.v1"])]
    state: Annotated[
        str,
        Field(description="parked, replaying, or handled by a replay", examples=["parked"]),
    ]
    attempts: int
    error: Annotated[str, Field(examples=["UnreadableEventError"])]
    first_failed_at: AwareDatetime
    last_failed_at: AwareDatetime
    body: dict[str, Any]


class InBothLanguages(BaseModel):
    """The same words in English and in Spanish."""

    en: Annotated[str, Field(examples=["Housing"])]
    es: Annotated[str, Field(examples=["Vivienda"])]


class JournalEntry(BaseModel):
    """One event at its place."""

    position: Annotated[int, Field(examples=[1], ge=1)]
    event: Annotated[dict[str, Any], Field(description="The event as a structured CloudEvent 1.0")]


class JournalPage(BaseModel):
    """Events after a position, oldest first, and how far the journal goes."""

    entries: list[JournalEntry]
    head: Annotated[int, Field(description="The last position given so far", ge=0)]


class NoticeView(BaseModel):
    """A notice to you, or to everybody with a role that you have."""

    id: UUID
    kind: Annotated[
        Literal[
            "referral_arrived",
            "handoff_offered",
            "nobody_accepted",
            "nobody_came",
            "followup_due",
            "followup_missed",
            "somebody_returned",
            "break_glass_opened",
            "firewall_tried",
            "records_probed",
            "received_by_the_programme",
            "feedback_published",
            "connected",
            "working_together",
            "completed",
            "thank_you",
        ],
        Field(title="NoticeKind"),
    ]
    text: Annotated[
        str,
        Field(examples=["A referral has arrived and waits for somebody to accept it."]),
    ]
    words: InBothLanguages
    urgent: bool
    to_role: Annotated[
        str | None,
        Field(
            description="The role it is to; absent when it is to you alone",
            examples=["peer"],
        ),
    ]
    referral_id: UUID | None
    release_id: UUID | None
    statement: Annotated[
        InBothLanguages | None,
        Field(description="What the law says of what you are told here, if it is about a person"),
    ]
    caused_at: AwareDatetime
    read_at: Annotated[AwareDatetime | None, Field(description="When you marked it as read")]


class PageNoticeView(BaseModel):
    items: list[NoticeView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class Readiness(BaseModel):
    """Ready, degraded (serves, but something is missing) or not ready."""

    status: Literal["ready", "degraded", "not_ready"]
    checks: list[CheckView]


class Error(BaseModel):
    where: str
    what: str
    fix: str


class Problem(BaseModel):
    """A problem as RFC 9457 has it."""

    model_config = ConfigDict(
        extra="allow",
    )
    type: Annotated[str, Field(examples=["/problems/not-found"])]
    title: str
    status: int
    detail: str | None = None
    errors: list[Error] | None = None


class CellView(BaseModel):
    """One line of a table; what is not shown has no number."""

    measure: Annotated[str, Field(examples=["connected"])]
    label: InBothLanguages
    shown: bool
    people: int | None
    of: int | None
    percent: float | None
    why_hidden: Annotated[str | None, Field(examples=["small_numbers"])]


class CodeListView(BaseModel):
    """A list with its codes, in the order in which to show them."""

    id: Annotated[str, Field(examples=["needs"])]
    version: Annotated[
        int, Field(description="Higher by one whenever the list changed", examples=[1])
    ]
    description: Annotated[str, Field(examples=["What a person says they need."])]
    codes: list[CodeView]


class DeliveryView(BaseModel):
    """What was to reach somebody, and what became of it."""

    id: UUID
    notice_id: UUID
    recipient_id: Annotated[str | None, Field(description="Absent while nobody may be told")]
    channel: Annotated[Literal["mail", "list"], Field(title="Channel")]
    state: Annotated[
        Literal["planned", "handed_over", "suppressed", "failed", "unknown"],
        Field(title="State"),
    ]
    reason_code: (
        Literal[
            "too_late",
            "no_address",
            "refused",
            "interrupted",
            "no_basis",
            "grant_expired",
            "answer_lost",
        ]
        | None
    )
    planned_at: AwareDatetime
    at: AwareDatetime


class PageDeliveryView(BaseModel):
    items: list[DeliveryView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class ReleaseView(BaseModel):
    """A table of a closed period, released to one agency once and for ever."""

    id: UUID
    agency_id: Annotated[str, Field(examples=["hemlock-police"])]
    period_from: date
    period_until: Annotated[date, Field(description="The first day that no longer belongs to it")]
    published_at: AwareDatetime
    threshold: Annotated[int, Field(description="Fewer people than this are not shown")]
    rows: list[CellView]


class PageReleaseView(BaseModel):
    items: list[ReleaseView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None
