"""Bodies of casework, generated from its OpenAPI document; do not edit."""

from datetime import date, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class BreakGlassBody(BaseModel):
    """Why the record has to be opened now."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason: Annotated[
        str,
        Field(
            description="In your own words; the privacy officer reads it",
            examples=["Found unconscious at the shelter, the medics ask what he takes"],
            max_length=500,
            min_length=10,
        ),
    ]


class CheckView(BaseModel):
    name: Annotated[str, Field(examples=["database"])]
    ok: bool
    essential: bool
    detail: Annotated[str, Field(examples=["oldest event waits 0.0 s"])]


class ClosureBody(BaseModel):
    """Why the work ends."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason_code: Annotated[
        Literal[
            "completed",
            "goals_met",
            "transferred",
            "declined",
            "unreachable",
            "moved",
            "incarcerated",
            "deceased",
            "ineligible",
            "other",
        ],
        Field(examples=["completed"]),
    ]


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


class CompletionBody(BaseModel):
    """With which contact, if one was logged."""

    model_config = ConfigDict(
        extra="forbid",
    )
    contact_id: UUID | None = None


class ConsentText(BaseModel):
    """What a person reads, or has read to them, and signs."""

    en: Annotated[
        str,
        Field(examples=["I let the programme tell the officer who referred me ..."]),
    ]
    es: Annotated[str, Field(examples=["Permito que el programa le diga a quien me refirió ..."])]
    version: Annotated[int, Field(description="The consent's `text_version`", examples=[1])]


class ConsentTexts(BaseModel):
    """Every text that a consent may name, newest first."""

    items: list[ConsentText]


Minutes = TypeAliasType("Minutes", Annotated[int, Field(examples=[20], ge=0, le=1440)])


SuppliesAdditionalProperty = TypeAliasType(
    "SuppliesAdditionalProperty", Annotated[int, Field(ge=1, le=100)]
)


Note = TypeAliasType(
    "Note",
    Annotated[
        str,
        Field(examples=["Wants to call again on Thursday."], max_length=4000, min_length=1),
    ],
)


class ContactView(BaseModel):
    """A contact as it was logged."""

    id: UUID
    episode_id: UUID
    kind: Annotated[Literal["attempted", "made"], Field(examples=["made"], title="ContactKind")]
    mode_code: Annotated[str, Field(examples=["in_person"])]
    place_code: str | None
    outcome_code: Annotated[str, Field(examples=["reached"])]
    started_at: AwareDatetime
    minutes: Annotated[int | None, Field(examples=[20])]
    police_present: bool | None
    supplies: Annotated[dict[str, int], Field(examples=[{"naloxone_kit": 1}])]
    logged_by: Annotated[str, Field(examples=["peer-willow"])]
    logged_at: AwareDatetime


class ContactWithNote(BaseModel):
    id: UUID
    episode_id: UUID
    kind: Annotated[Literal["attempted", "made"], Field(examples=["made"], title="ContactKind")]
    mode_code: Annotated[str, Field(examples=["in_person"])]
    place_code: str | None
    outcome_code: Annotated[str, Field(examples=["reached"])]
    started_at: AwareDatetime
    minutes: Annotated[int | None, Field(examples=[20])]
    police_present: bool | None
    supplies: Annotated[dict[str, int], Field(examples=[{"naloxone_kit": 1}])]
    logged_by: Annotated[str, Field(examples=["peer-willow"])]
    logged_at: AwareDatetime
    note: Annotated[str | None, Field(examples=["Wants to call again on Thursday."])]


class Contacts(BaseModel):
    """An episode's contacts, newest first."""

    items: list[ContactWithNote]


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


class DecisionBody(BaseModel):
    """What a worker decides."""

    model_config = ConfigDict(
        extra="forbid",
    )
    decision: Annotated[Literal["link", "not_the_same", "ask_later"], Field(title="Decision")]


class EndView(BaseModel):
    """A time an episode of the person was closed."""

    at: AwareDatetime
    reason_code: Annotated[str, Field(examples=["completed"])]
    unsuccessful: Annotated[bool, Field(description="Whether it counts for the rule")]


class EpisodeView(BaseModel):
    """One stretch of work with a person."""

    id: UUID
    referral_id: Annotated[UUID, Field(description="The referral it began with")]
    state: Annotated[
        Literal["outreach", "enrolled", "paused", "closed"], Field(title="EpisodeState")
    ]
    sequence: Annotated[int, Field(description="How often outreach began; 1 is the first time")]
    opened_at: AwareDatetime
    enrolled_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    close_reason_code: str | None


class FollowupView(BaseModel):
    """One planned time to be in touch."""

    id: UUID
    episode_id: UUID
    kind: Annotated[Literal["h24", "h72", "d7", "d30", "d90", "m6"], Field(title="FollowupKind")]
    state: Annotated[
        Literal["scheduled", "due", "completed", "missed", "cancelled"],
        Field(title="FollowupState"),
    ]
    overdue: Annotated[bool, Field(description="Computed when it is read")]
    due_at: AwareDatetime
    window_ends_at: AwareDatetime
    completed_at: AwareDatetime | None
    completed_by: str | None


class GoalBody(BaseModel):
    """What the person wants to reach."""

    model_config = ConfigDict(
        extra="forbid",
    )
    episode_id: UUID
    words: Annotated[
        str,
        Field(
            description="In their own words",
            examples=["A place of my own before winter"],
            max_length=1000,
            min_length=1,
        ),
    ]


class GoalEndBody(BaseModel):
    """How it ended."""

    model_config = ConfigDict(
        extra="forbid",
    )
    state: Literal["reached", "dropped"]


class GoalView(BaseModel):
    """A goal with its words."""

    id: UUID
    episode_id: UUID
    words: Annotated[str, Field(examples=["A place of my own before winter"])]
    state: Annotated[Literal["open", "reached", "dropped"], Field(title="GoalState")]
    set_at: AwareDatetime
    set_by: Annotated[str, Field(examples=["peer-willow"])]
    ended_at: AwareDatetime | None


class Goals(BaseModel):
    """An episode's goals, oldest first."""

    items: list[GoalView]


class GrantBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    notice_id: UUID


class InBothLanguages(BaseModel):
    """The same words in English and in Spanish."""

    en: Annotated[str, Field(examples=["Housing"])]
    es: Annotated[str, Field(examples=["Vivienda"])]


class IntakeView(BaseModel):
    """An intake with its identity, once that has arrived."""

    referral_id: UUID
    participant_id: UUID
    pathway: Annotated[str, Field(examples=["self_referral"])]
    state: Annotated[
        Literal["identity_arriving", "ready"],
        Field(
            description="An intake is worked on from the first moment, whether or not its identity has come.",
            title="IntakeState",
        ),
    ]
    received_at: AwareDatetime
    identity: Annotated[
        dict[str, Any] | None,
        Field(
            description="What the referrer stated of the person; empty while it is arriving",
            examples=[{"need": "substance_use", "person": {"name": "Test Participant Birch"}}],
        ),
    ]


class JournalEntry(BaseModel):
    """One event at its place."""

    position: Annotated[int, Field(examples=[1], ge=1)]
    event: Annotated[dict[str, Any], Field(description="The event as a structured CloudEvent 1.0")]


class JournalPage(BaseModel):
    """Events after a position, oldest first, and how far the journal goes."""

    entries: list[JournalEntry]
    head: Annotated[int, Field(description="The last position given so far", ge=0)]


class NeedView(BaseModel):
    """A need that the person named."""

    id: UUID
    episode_id: UUID
    need_code: Annotated[str, Field(examples=["housing"])]
    state: Annotated[Literal["identified", "connected", "not_connected"], Field(title="NeedState")]
    reason_code: str | None
    identified_at: AwareDatetime
    identified_by: Annotated[str, Field(examples=["peer-willow"])]
    settled_at: AwareDatetime | None


class Needs(BaseModel):
    """An episode's needs, oldest first."""

    items: list[NeedView]


class NotConnectedBody(BaseModel):
    """Why nobody was found so far."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason_code: Annotated[
        Literal[
            "no_capacity",
            "waiting_list",
            "not_eligible",
            "no_service_nearby",
            "no_transport",
            "cost_or_coverage",
            "missing_documents",
            "language_access",
            "not_accessible",
            "person_chose_otherwise",
            "met_otherwise",
            "not_reached",
            "other",
        ],
        Field(examples=["no_capacity"]),
    ]


class OfficerNoticeBody(BaseModel):
    """The person's own yes to one notice."""

    model_config = ConfigDict(
        extra="forbid",
    )
    referral_id: UUID
    kind: Annotated[
        Literal["connected", "working_together", "completed", "thank_you"],
        Field(
            description="All that can ever be said to a referrer about one person: nothing negative, no free text.",
            title="NoticeKind",
        ),
    ]


class OfficerNoticeView(BaseModel):
    id: UUID
    referral_id: UUID
    kind: Annotated[
        Literal["connected", "working_together", "completed", "thank_you"],
        Field(
            description="All that can ever be said to a referrer about one person: nothing negative, no free text.",
            title="NoticeKind",
        ),
    ]
    agreed_at: AwareDatetime
    recorded_by: Annotated[str, Field(examples=["peer-willow"])]


class OutcomeBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    outcome: Annotated[
        Literal["handed_over", "not_sent"],
        Field(
            description="What whoever was granted it says became of it.",
            title="Outcome",
        ),
    ]


class OutcomeView(BaseModel):
    disclosure_id: UUID
    outcome: Annotated[
        Literal["granted", "handed_over", "not_sent", "unknown"],
        Field(
            description="What the accounting shows; *unknown* is never kept, it is what silence is read as.",
            title="DisclosureState",
        ),
    ]
    reported_at: AwareDatetime | None


class PageEpisodeView(BaseModel):
    items: list[EpisodeView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageFollowupView(BaseModel):
    items: list[FollowupView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PauseBody(BaseModel):
    """Why the work rests."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason_code: Annotated[
        Literal[
            "asked_for_a_break",
            "in_treatment",
            "in_hospital",
            "incarcerated",
            "away",
            "family",
            "waiting_for_worker",
            "other",
        ],
        Field(examples=["in_treatment"]),
    ]


class Readiness(BaseModel):
    """Ready, degraded (serves, but something is missing) or not ready."""

    status: Literal["ready", "degraded", "not_ready"]
    checks: list[CheckView]


class ReferralLine(BaseModel):
    """One referral about the person."""

    referral_id: UUID
    pathway: Annotated[str, Field(examples=["self_referral"])]
    received_at: AwareDatetime


class ReleaseBody(BaseModel):
    """Whose table, and of which quarter."""

    model_config = ConfigDict(
        extra="forbid",
    )
    agency_id: Annotated[
        str, Field(examples=["hemlock-police"], pattern="^[a-z0-9][a-z0-9-]{0,99}$")
    ]
    period_from: Annotated[
        date,
        Field(
            description="The first day of a calendar quarter, in UTC",
            examples=["2026-07-01"],
        ),
    ]


StaffId = TypeAliasType(
    "StaffId", Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
)


class RestrictionBody(BaseModel):
    """For whom the record is from now on."""

    model_config = ConfigDict(
        extra="forbid",
    )
    staff_ids: Annotated[
        list[StaffId],
        Field(
            description="Everybody who may still reach it, yourself too if you must",
            examples=[["manager-fern", "coordinator-juniper"]],
            max_length=50,
            min_length=1,
        ),
    ]


class RestrictionView(BaseModel):
    """For whom a record is, besides nobody."""

    restricted_at: Annotated[
        AwareDatetime | None, Field(description="Nothing if it is not restricted")
    ]
    restricted_by: str | None
    staff_ids: list[str]


class ReviewBody(BaseModel):
    """How the access is judged."""

    model_config = ConfigDict(
        extra="forbid",
    )
    review: Annotated[
        Literal["justified", "not_justified"],
        Field(
            description="How the privacy officer judged an access in an emergency.",
            title="Review",
        ),
    ]


class RowView(BaseModel):
    """One line of the table; what is not shown has no number."""

    measure: Annotated[str, Field(examples=["connected"])]
    label: InBothLanguages
    shown: bool
    people: Annotated[int | None, Field(description="Distinct people, never events")]
    of: Annotated[int | None, Field(description="The denominator: distinct people referred")]
    percent: float | None
    why_hidden: Annotated[
        str | None,
        Field(description="One code, whichever rule hid it", examples=["small_numbers"]),
    ]


class RuleView(BaseModel):
    """The county's limit on coming again, of the version in force at the referral."""

    policy_id: Annotated[str, Field(examples=["multnomah"])]
    policy_version: int
    kind: Annotated[str, Field(examples=["not_within_days_of_unsuccessful_end"])]
    days: int


class SafeContactBody(BaseModel):
    """How the person says they may safely be reached."""

    model_config = ConfigDict(
        extra="forbid",
    )
    time_zone: Annotated[str, Field(examples=["America/Los_Angeles"], max_length=100)]
    from_time: Annotated[time, Field(examples=["09:00"])]
    until_time: Annotated[time, Field(examples=["20:00"])]
    mode_codes: Annotated[
        list[
            Literal[
                "in_person",
                "phone_call",
                "text_message",
                "video",
                "letter",
                "through_another_person",
            ]
        ],
        Field(examples=[["phone_call"]], max_length=10),
    ]
    may_leave_message: bool
    may_name_programme: bool
    language_code: Annotated[
        Literal["en", "es", "asl", "ar", "zh", "ko", "ru", "so", "tl", "uk", "vi", "other"],
        Field(examples=["en"]),
    ]


class SafeContactView(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    time_zone: Annotated[str, Field(examples=["America/Los_Angeles"], max_length=100)]
    from_time: Annotated[time, Field(examples=["09:00"])]
    until_time: Annotated[time, Field(examples=["20:00"])]
    mode_codes: Annotated[
        list[
            Literal[
                "in_person",
                "phone_call",
                "text_message",
                "video",
                "letter",
                "through_another_person",
            ]
        ],
        Field(examples=[["phone_call"]], max_length=10),
    ]
    may_leave_message: bool
    may_name_programme: bool
    language_code: Annotated[
        Literal["en", "es", "asl", "ar", "zh", "ko", "ru", "so", "tl", "uk", "vi", "other"],
        Field(examples=["en"]),
    ]
    confirmed_at: AwareDatetime
    confirmed_by: Annotated[str, Field(examples=["peer-willow"])]


class SplitView(BaseModel):
    """Who the referral is about now."""

    referral_id: UUID
    participant_id: UUID


class StatementView(BaseModel):
    """What accompanies the disclosure (42 CFR 2.32)."""

    en: Annotated[str, Field(examples=["Federal law protects this. Do not pass it on ..."])]
    es: Annotated[str, Field(examples=["La ley federal lo protege. No lo comunique a otros ..."])]
    version: int


class TeamMemberBody(BaseModel):
    """As what somebody works on the episode."""

    model_config = ConfigDict(
        extra="forbid",
    )
    role_code: Annotated[Literal["peer", "case_manager", "coordinator"], Field(examples=["peer"])]


class TeamMemberView(BaseModel):
    """Somebody who works, or worked, on the episode."""

    staff_id: Annotated[str, Field(examples=["peer-willow"])]
    role_code: Annotated[str, Field(examples=["peer"])]
    since: AwareDatetime
    until: AwareDatetime | None


class TimelineLine(BaseModel):
    """One line of a participant's timeline."""

    id: UUID
    source_kind: Annotated[
        str,
        Field(description="What kind of thing the line tells of", examples=["referral"]),
    ]
    source_id: UUID
    referral_id: UUID
    kind: Annotated[str, Field(examples=["referral_created"])]
    label: Annotated[
        InBothLanguages,
        Field(
            description="What the kind is called",
            examples=[{"en": "Referred", "es": "Derivación"}],
        ),
    ]
    happened_at: AwareDatetime
    detail: Annotated[
        dict[str, Any],
        Field(description="Codes only", examples=[{"pathway": "officer_referral"}]),
    ]


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


class BreakGlassView(BaseModel):
    """A record that was opened in an emergency."""

    id: UUID
    participant_id: UUID
    staff_id: Annotated[str, Field(examples=["peer-willow"])]
    reason: Annotated[
        str,
        Field(examples=["Found unconscious at the shelter, the medics ask what he takes"]),
    ]
    opened_at: AwareDatetime
    expires_at: Annotated[AwareDatetime, Field(description="Until then it can be read")]
    review: Annotated[
        Literal["justified", "not_justified"] | None,
        Field(description="Nothing until somebody has judged it"),
    ]
    reviewed_by: str | None
    reviewed_at: AwareDatetime | None


class CodeListView(BaseModel):
    """A list with its codes, in the order in which to show them."""

    id: Annotated[str, Field(examples=["needs"])]
    version: Annotated[
        int, Field(description="Higher by one whenever the list changed", examples=[1])
    ]
    description: Annotated[str, Field(examples=["What a person says they need."])]
    codes: list[CodeView]


class ConsentBody(BaseModel):
    """What the person signed."""

    model_config = ConfigDict(
        extra="forbid",
    )
    referral_id: UUID
    kind: Annotated[Literal["officer_notice"], Field(title="ConsentKind")]
    recipient_kind: Annotated[Literal["referrer"], Field(title="RecipientKind")]
    recipient_id: Annotated[
        str,
        Field(
            description="Who made this referral",
            examples=["officer-hemlock"],
            pattern="^[^\\x00-\\x1f\\x7f]{1,200}$",
        ),
    ]
    purpose_code: Annotated[
        Literal["tell_referrer"],
        Field(
            description="Why the person lets something leave (42 CFR 2.31(a)(5)).",
            title="DisclosurePurpose",
        ),
    ]
    content_codes: Annotated[
        list[Literal["connected", "working_together", "completed", "thank_you"]],
        Field(examples=[["connected", "thank_you"]], max_length=4, min_length=1),
    ]
    expires_at: Annotated[AwareDatetime, Field(description="At most two years from now")]
    language_code: Literal["en", "es"]
    text_version: Annotated[int, Field(examples=[1])]
    signed_by_code: Annotated[
        Literal["participant", "parent_or_guardian", "legal_representative"],
        Field(
            description="Who signed (42 CFR 2.31(a)(8)): the person, or who may for them (42 CFR 2.14, 2.15).",
            title="SignedBy",
        ),
    ]


class ConsentView(BaseModel):
    """A consent with what it is by now."""

    id: UUID
    referral_id: UUID
    kind: Annotated[Literal["officer_notice"], Field(title="ConsentKind")]
    recipient_kind: Annotated[Literal["referrer"], Field(title="RecipientKind")]
    recipient_id: Annotated[str, Field(examples=["officer-hemlock"])]
    purpose_code: Annotated[
        Literal["tell_referrer"],
        Field(
            description="Why the person lets something leave (42 CFR 2.31(a)(5)).",
            title="DisclosurePurpose",
        ),
    ]
    content_codes: list[Literal["connected", "working_together", "completed", "thank_you"]]
    language_code: Annotated[str, Field(examples=["en"])]
    text_version: int
    signed_by_code: Annotated[
        Literal["participant", "parent_or_guardian", "legal_representative"],
        Field(
            description="Who signed (42 CFR 2.31(a)(8)): the person, or who may for them (42 CFR 2.14, 2.15).",
            title="SignedBy",
        ),
    ]
    state: Annotated[Literal["in_force", "revoked", "expired"], Field(title="ConsentState")]
    granted_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    recorded_by: Annotated[str, Field(examples=["peer-willow"])]


class ContactBody(BaseModel):
    """A try to be in touch, met with success or not."""

    model_config = ConfigDict(
        extra="forbid",
    )
    episode_id: UUID
    kind: Annotated[Literal["attempted", "made"], Field(examples=["made"], title="ContactKind")]
    mode_code: Annotated[
        Literal[
            "in_person", "phone_call", "text_message", "video", "letter", "through_another_person"
        ],
        Field(examples=["in_person"]),
    ]
    place_code: Annotated[
        Literal[
            "street", "home", "shelter", "office", "hospital", "jail", "court", "vehicle", "other"
        ]
        | None,
        Field(examples=["street"]),
    ] = None
    outcome_code: Annotated[
        Literal[
            "reached",
            "not_found",
            "message_left",
            "wrong_number",
            "declined",
            "rescheduled",
            "jailed",
            "hospital",
            "deceased",
            "no_answer",
        ],
        Field(examples=["reached"]),
    ]
    started_at: AwareDatetime
    minutes: Annotated[Minutes | None, Field(examples=[20])] = None
    police_present: bool | None = None
    supplies: Annotated[
        dict[
            Literal["naloxone_kit", "test_strips", "wound_care", "food", "clothing", "phone"],
            SuppliesAdditionalProperty,
        ]
        | None,
        Field(examples=[{"naloxone_kit": 1}], max_length=20),
    ] = None
    needs: Annotated[
        list[
            Literal[
                "housing",
                "moud",
                "treatment",
                "identification",
                "transport",
                "benefits",
                "legal",
                "food",
                "phone",
                "employment",
                "medical",
                "mental_health",
                "family",
                "safety",
            ]
        ]
        | None,
        Field(examples=[["housing"]], max_length=20),
    ] = None
    followup_id: UUID | None = None
    note: Annotated[Note | None, Field(examples=["Wants to call again on Thursday."])] = None


class DisclosureView(BaseModel):
    """One line of the accounting of disclosures (42 CFR 2.25)."""

    id: UUID
    referral_id: UUID
    notice_id: UUID
    consent_id: UUID
    recipient_kind: Annotated[Literal["referrer"], Field(title="RecipientKind")]
    recipient_id: Annotated[str, Field(examples=["officer-hemlock"])]
    purpose_code: Annotated[
        Literal["tell_referrer"],
        Field(
            description="Why the person lets something leave (42 CFR 2.31(a)(5)).",
            title="DisclosurePurpose",
        ),
    ]
    content_code: Annotated[
        Literal["connected", "working_together", "completed", "thank_you"],
        Field(
            description="All that can ever be said to a referrer about one person: nothing negative, no free text.",
            title="NoticeKind",
        ),
    ]
    basis_code: Annotated[str, Field(examples=["consent"])]
    statement_version: int
    state: Annotated[
        Literal["granted", "handed_over", "not_sent", "unknown"],
        Field(
            description="`unknown`: granted, and nobody said what became",
            title="DisclosureState",
        ),
    ]
    granted_at: AwareDatetime
    reported_at: AwareDatetime | None


class EligibilityHistoryView(BaseModel):
    """Whether the person may come again by the county's rule; no officer is ever told."""

    result: Annotated[
        Literal["no_rule", "met", "not_met", "unknown_rule"],
        Field(title="RepeatResult"),
    ]
    rule: RuleView | None
    stated_result: Annotated[
        str | None, Field(description="What the referrer was told, from what they said")
    ]
    earlier: Annotated[list[ReferralLine], Field(description="Newest first")]
    ends: Annotated[list[EndView], Field(description="Newest first")]


class EpisodeOfParticipant(BaseModel):
    """An episode with what is still open in it."""

    id: UUID
    referral_id: Annotated[UUID, Field(description="The referral it began with")]
    state: Annotated[
        Literal["outreach", "enrolled", "paused", "closed"], Field(title="EpisodeState")
    ]
    sequence: Annotated[int, Field(description="How often outreach began; 1 is the first time")]
    opened_at: AwareDatetime
    enrolled_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    close_reason_code: str | None
    team: list[TeamMemberView]
    goals: list[GoalView]
    needs: Annotated[list[NeedView], Field(description="Those that nobody meets yet")]
    followups: Annotated[
        list[FollowupView], Field(description="Those ahead and due, soonest first")
    ]


class EpisodeWithTeam(BaseModel):
    id: UUID
    referral_id: Annotated[UUID, Field(description="The referral it began with")]
    state: Annotated[
        Literal["outreach", "enrolled", "paused", "closed"], Field(title="EpisodeState")
    ]
    sequence: Annotated[int, Field(description="How often outreach began; 1 is the first time")]
    opened_at: AwareDatetime
    enrolled_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    close_reason_code: str | None
    team: list[TeamMemberView]


class GrantView(BaseModel):
    """What may be told, to whom, and until when; the words are to use and not to keep."""

    disclosure_id: UUID
    expires_at: AwareDatetime
    recipient_id: Annotated[str, Field(examples=["officer-hemlock"])]
    kind: Annotated[
        Literal["connected", "working_together", "completed", "thank_you"],
        Field(
            description="All that can ever be said to a referrer about one person: nothing negative, no free text.",
            title="NoticeKind",
        ),
    ]
    words: InBothLanguages
    statement: StatementView


class IntakeLine(BaseModel):
    """One referral as it stands at casework; who it is about is read one by one."""

    referral_id: UUID
    participant_id: UUID
    pathway: Annotated[str, Field(examples=["self_referral"])]
    state: Annotated[
        Literal["identity_arriving", "ready"],
        Field(
            description="An intake is worked on from the first moment, whether or not its identity has come.",
            title="IntakeState",
        ),
    ]
    received_at: AwareDatetime


class MatchView(BaseModel):
    """Two referrals that may be about one person, and why it seems so."""

    id: UUID
    referral_id: UUID
    other_referral_id: UUID
    participant_id: Annotated[UUID, Field(description="Who the other referral is about")]
    score: Annotated[int, Field(description="0 to 100; it only orders candidates", examples=[75])]
    reasons: list[
        Literal["same_date_of_birth", "same_phone", "similar_name", "sounds_alike", "swapped_names"]
    ]
    state: Literal["proposed", "linked", "not_the_same", "ask_later"]
    proposed_at: AwareDatetime
    decided_by: str | None
    decided_at: AwareDatetime | None


class PageBreakGlassView(BaseModel):
    items: list[BreakGlassView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageConsentView(BaseModel):
    items: list[ConsentView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageDisclosureView(BaseModel):
    items: list[DisclosureView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageIntakeLine(BaseModel):
    items: list[IntakeLine]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageMatchView(BaseModel):
    items: list[MatchView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PageTimelineLine(BaseModel):
    items: list[TimelineLine]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class ParticipantView(BaseModel):
    """What is current about one person, on one page; what happened is on the timeline."""

    id: UUID
    merged_into_id: Annotated[
        UUID | None,
        Field(description="Whom to ask for instead, if this turned out to be the same person"),
    ]
    referrals: Annotated[list[ReferralLine], Field(description="Newest first")]
    episodes: Annotated[list[EpisodeOfParticipant], Field(description="Newest first")]
    safe_contact: Annotated[
        SafeContactView | None,
        Field(description="How they may be reached; nothing if nobody has asked them"),
    ]


class ReleaseView(BaseModel):
    """A table of a closed quarter, released to one agency once and for ever."""

    id: UUID
    agency_id: Annotated[str, Field(examples=["hemlock-police"])]
    period_from: date
    period_until: Annotated[date, Field(description="The first day that no longer belongs to it")]
    published_at: AwareDatetime
    rows: list[RowView]
    threshold: Annotated[int | None, Field(description="Fewer people than this are not shown")] = 11


class RevocationView(BaseModel):
    id: UUID
    referral_id: UUID
    kind: Annotated[Literal["officer_notice"], Field(title="ConsentKind")]
    recipient_kind: Annotated[Literal["referrer"], Field(title="RecipientKind")]
    recipient_id: Annotated[str, Field(examples=["officer-hemlock"])]
    purpose_code: Annotated[
        Literal["tell_referrer"],
        Field(
            description="Why the person lets something leave (42 CFR 2.31(a)(5)).",
            title="DisclosurePurpose",
        ),
    ]
    content_codes: list[Literal["connected", "working_together", "completed", "thank_you"]]
    language_code: Annotated[str, Field(examples=["en"])]
    text_version: int
    signed_by_code: Annotated[
        Literal["participant", "parent_or_guardian", "legal_representative"],
        Field(
            description="Who signed (42 CFR 2.31(a)(8)): the person, or who may for them (42 CFR 2.14, 2.15).",
            title="SignedBy",
        ),
    ]
    state: Annotated[Literal["in_force", "revoked", "expired"], Field(title="ConsentState")]
    granted_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    recorded_by: Annotated[str, Field(examples=["peer-willow"])]
    outstanding_disclosure_ids: Annotated[
        list[UUID], Field(description="Granted a moment ago, and perhaps on their way")
    ]


class PageReleaseView(BaseModel):
    items: list[ReleaseView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None
