"""Bodies of referral, generated from its OpenAPI document; do not edit."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


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


class DeclineBody(BaseModel):
    """Why you cannot come."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason_code: Annotated[
        Literal["busy", "not_on_duty", "conflict_of_interest", "too_far", "other"],
        Field(examples=["busy"]),
    ]


class HandoffView(BaseModel):
    """A handoff and who has it."""

    id: UUID
    referral_id: UUID
    state: Annotated[
        Literal[
            "requested",
            "offered",
            "accepted",
            "on_the_way",
            "arrived",
            "met",
            "person_agreed",
            "person_declined",
            "expired",
            "withdrawn",
        ],
        Field(title="HandoffState"),
    ]
    rung: Annotated[
        int,
        Field(description="How far up the ladder it has been called; 0 before the first"),
    ]
    accepted_by: str | None
    accepted_at: AwareDatetime | None
    officer_released_at: AwareDatetime | None


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


Offence = TypeAliasType(
    "Offence",
    Annotated[
        Literal[
            "none",
            "possession",
            "use_on_public_transit",
            "frequenting_a_place_of_use",
            "criminal_trespass_2",
            "disorderly_conduct_2",
            "interfering_with_police",
            "prostitution",
            "theft_3",
            "criminal_mischief_3",
            "other",
        ],
        Field(
            description="What an officer could otherwise charge. `none` states that there is nothing to charge.",
            title="Offence",
        ),
    ],
)


class OffenceView(BaseModel):
    """An offence that is deflected."""

    code: Annotated[
        Literal[
            "none",
            "possession",
            "use_on_public_transit",
            "frequenting_a_place_of_use",
            "criminal_trespass_2",
            "disorderly_conduct_2",
            "interfering_with_police",
            "prostitution",
            "theft_3",
            "criminal_mischief_3",
            "other",
        ],
        Field(
            description="What an officer could otherwise charge. `none` states that there is nothing to charge.",
            title="Offence",
        ),
    ]
    words: InBothLanguages
    victim_must_consent: bool


class OfferView(BaseModel):
    """Somebody who was asked."""

    staff_id: Annotated[str, Field(examples=["peer-willow"])]
    rung: int
    offered_at: AwareDatetime
    declined_at: AwareDatetime | None


class OpenHandoffView(BaseModel):
    """A handoff that waits for somebody, since when, and who was asked."""

    id: UUID
    referral_id: UUID
    state: Annotated[
        Literal[
            "requested",
            "offered",
            "accepted",
            "on_the_way",
            "arrived",
            "met",
            "person_agreed",
            "person_declined",
            "expired",
            "withdrawn",
        ],
        Field(title="HandoffState"),
    ]
    rung: Annotated[
        int,
        Field(description="How far up the ladder it has been called; 0 before the first"),
    ]
    accepted_by: str | None
    accepted_at: AwareDatetime | None
    officer_released_at: AwareDatetime | None
    requested_at: AwareDatetime
    offers: list[OfferView]


class PageOpenHandoffView(BaseModel):
    items: list[OpenHandoffView]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


Name = TypeAliasType(
    "Name",
    Annotated[str, Field(examples=["Test Participant Birch"], max_length=200, min_length=1)],
)


Phone = TypeAliasType(
    "Phone",
    Annotated[str, Field(examples=["555-0142"], pattern="^\\+?[0-9 ().-]{7,20}$")],
)


Description = TypeAliasType(
    "Description",
    Annotated[
        str,
        Field(examples=["green jacket, by the bus stop"], max_length=200, min_length=1),
    ],
)


class Person(BaseModel):
    """Who is referred, as far as the referrer knows."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[Name | None, Field(examples=["Test Participant Birch"])] = None
    date_of_birth: Annotated[date | None, Field(examples=["1990-01-31"])] = None
    phone: Annotated[Phone | None, Field(examples=["555-0142"])] = None
    description: Annotated[
        Description | None, Field(examples=["green jacket, by the bus stop"])
    ] = None


class PersonAnswerBody(BaseModel):
    """What the person answered."""

    model_config = ConfigDict(
        extra="forbid",
    )
    agreed: bool


class ProgrammeBody(BaseModel):
    """Which county's policy the programme goes by, and in which zone its days begin."""

    model_config = ConfigDict(
        extra="forbid",
    )
    policy_id: Annotated[str, Field(examples=["multnomah"], max_length=200, min_length=1)]
    time_zone: Annotated[str, Field(examples=["America/Los_Angeles"], max_length=100)]


class Readiness(BaseModel):
    """Ready, degraded (serves, but something is missing) or not ready."""

    status: Literal["ready", "degraded", "not_ready"]
    checks: list[CheckView]


MeetingPlace = TypeAliasType(
    "MeetingPlace",
    Annotated[str, Field(examples=["Test Square, north side"], max_length=200, min_length=1)],
)


Offences = TypeAliasType(
    "Offences",
    Annotated[
        list[
            Literal[
                "none",
                "possession",
                "use_on_public_transit",
                "frequenting_a_place_of_use",
                "criminal_trespass_2",
                "disorderly_conduct_2",
                "interfering_with_police",
                "prostitution",
                "theft_3",
                "criminal_mischief_3",
                "other",
            ]
        ],
        Field(
            description="What could be charged otherwise",
            examples=[["possession"]],
            max_length=10,
        ),
    ],
)


IncidentNumber = TypeAliasType(
    "IncidentNumber",
    Annotated[str, Field(examples=["26-0001"], max_length=200, min_length=1)],
)


Note = TypeAliasType(
    "Note",
    Annotated[
        str,
        Field(examples=["Asked for help by themselves."], max_length=2000, min_length=1),
    ],
)


class ReferralLine(BaseModel):
    """One of your referrals; who it is about is read one by one."""

    id: UUID
    pathway: Literal[
        "self_referral",
        "active_outreach",
        "naloxone_plus",
        "officer_referral",
        "officer_intervention",
        "community_response",
    ]
    received_at: AwareDatetime


class RepeatView(BaseModel):
    """The county's limit on coming again, which no referral is judged by."""

    kind: Annotated[
        Literal["not_within_days_of_unsuccessful_end"],
        Field(
            description="How a county limits coming again. Judged in casework, for the coordinator.",
            title="RepeatKind",
        ),
    ]
    days: int
    words: InBothLanguages


class RungBody(BaseModel):
    """Everybody on duty in this role is asked, and has this long."""

    model_config = ConfigDict(
        extra="forbid",
    )
    role_code: Literal["peer", "case_manager", "coordinator"]
    wait_minutes: Annotated[int, Field(ge=1, le=240)]


class ShiftBody(BaseModel):
    """When somebody is on duty, and as what."""

    model_config = ConfigDict(
        extra="forbid",
    )
    staff_id: Annotated[str, Field(examples=["peer-willow"], max_length=200, min_length=1)]
    role_code: Literal["peer", "case_manager", "coordinator"]
    starts_at: AwareDatetime
    ends_at: Annotated[AwareDatetime, Field(examples=["2026-03-03T01:30:00Z"])]


class ShiftView(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    staff_id: Annotated[str, Field(examples=["peer-willow"], max_length=200, min_length=1)]
    role_code: Literal["peer", "case_manager", "coordinator"]
    starts_at: AwareDatetime
    ends_at: Annotated[AwareDatetime, Field(examples=["2026-03-03T01:30:00Z"])]
    id: UUID


class Shifts(BaseModel):
    """Shifts that have not ended, soonest first."""

    items: list[ShiftView]


class SourceView(BaseModel):
    """Where the rules were read, and how far that can be relied on."""

    title: Annotated[str, Field(examples=["Deflection program criteria"])]
    url: Annotated[str, Field(examples=["https://example.org/criteria"])]
    dated: Annotated[date | None, Field(description="Absent when the text bears no date")]
    confidence: Annotated[str, Field(examples=["confirmed", "news", "lead"])]


AgencyId = TypeAliasType(
    "AgencyId",
    Annotated[str, Field(examples=["hemlock-police"], max_length=200, min_length=1)],
)


class StaffBody(BaseModel):
    """What notices need to know of somebody."""

    model_config = ConfigDict(
        extra="forbid",
    )
    role_codes: Annotated[
        list[
            Literal[
                "first_responder",
                "dispatcher",
                "agency_supervisor",
                "peer",
                "case_manager",
                "coordinator",
                "privacy_officer",
                "evaluator",
                "prosecutor",
                "partner",
                "advisory_member",
                "administrator",
                "operator",
            ]
        ],
        Field(examples=[["peer"]], max_length=10),
    ]
    agency_id: Annotated[AgencyId | None, Field(examples=["hemlock-police"])] = None
    responder_kind: Literal["officer", "ems", "fire", "other"] | None = None
    active: bool | None = True


class StaffView(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    role_codes: Annotated[
        list[
            Literal[
                "first_responder",
                "dispatcher",
                "agency_supervisor",
                "peer",
                "case_manager",
                "coordinator",
                "privacy_officer",
                "evaluator",
                "prosecutor",
                "partner",
                "advisory_member",
                "administrator",
                "operator",
            ]
        ],
        Field(examples=[["peer"]], max_length=10),
    ]
    agency_id: Annotated[AgencyId | None, Field(examples=["hemlock-police"])] = None
    responder_kind: Literal["officer", "ems", "fire", "other"] | None = None
    active: bool | None = True
    staff_id: Annotated[str, Field(examples=["peer-willow"])]


class StatedFacts(BaseModel):
    """What the referrer knows of what a county asks. Leave out what you do not know."""

    model_config = ConfigDict(
        extra="forbid",
    )
    other_crime: bool | None = None
    adult: bool | None = None
    resident: bool | None = None
    on_supervision: bool | None = None
    open_charges: bool | None = None
    warrant: bool | None = None
    excluded_conviction: bool | None = None
    combative: bool | None = None
    victim_consents: bool | None = None


class VersionLine(BaseModel):
    """A version and its days, both included, by the county's calendar."""

    number: int
    effective_from: date
    effective_from_confidence: Annotated[
        str, Field(examples=["confirmed", "news", "lead", "judgement"])
    ]
    effective_until: date | None


class WithdrawalBody(BaseModel):
    """Why the referral is taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reason_code: Annotated[
        Literal[
            "made_by_mistake",
            "duplicate",
            "person_left",
            "person_changed_mind",
            "medical_emergency",
            "called_away",
            "other",
        ],
        Field(examples=["made_by_mistake"]),
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


class CodeListView(BaseModel):
    """A list with its codes, in the order in which to show them."""

    id: Annotated[str, Field(examples=["needs"])]
    version: Annotated[
        int, Field(description="Higher by one whenever the list changed", examples=[1])
    ]
    description: Annotated[str, Field(examples=["What a person says they need."])]
    codes: list[CodeView]


class EligibilityView(BaseModel):
    """What the county's policy in force says of what you stated, and of nothing else."""

    result: Annotated[
        Literal["eligible", "not_eligible", "coordinator_decides"],
        Field(title="Result"),
    ]
    reasons: list[
        Literal[
            "no_offence_involved",
            "criteria_met",
            "no_policy_in_force",
            "offence_not_stated",
            "offence_not_covered",
            "other_crime",
            "other_crime_not_stated",
            "victim_does_not_consent",
            "victim_consent_not_stated",
            "not_an_adult",
            "adult_not_stated",
            "not_a_resident",
            "resident_not_stated",
            "on_supervision",
            "supervision_not_stated",
            "open_charges",
            "open_charges_not_stated",
            "warrant",
            "warrant_not_stated",
            "excluded_conviction",
            "excluded_conviction_not_stated",
            "combative",
            "combative_not_stated",
            "not_willing",
            "willing_not_stated",
            "prosecutor_decides",
            "criteria_not_all_published",
        ]
    ]
    policy_id: Annotated[str, Field(examples=["multnomah"])]
    policy_version: int
    words: InBothLanguages


class ExclusionView(BaseModel):
    """What is not simply let in, and what follows."""

    code: Annotated[
        Literal[
            "no_offence_involved",
            "criteria_met",
            "no_policy_in_force",
            "offence_not_stated",
            "offence_not_covered",
            "other_crime",
            "other_crime_not_stated",
            "victim_does_not_consent",
            "victim_consent_not_stated",
            "not_an_adult",
            "adult_not_stated",
            "not_a_resident",
            "resident_not_stated",
            "on_supervision",
            "supervision_not_stated",
            "open_charges",
            "open_charges_not_stated",
            "warrant",
            "warrant_not_stated",
            "excluded_conviction",
            "excluded_conviction_not_stated",
            "combative",
            "combative_not_stated",
            "not_willing",
            "willing_not_stated",
            "prosecutor_decides",
            "criteria_not_all_published",
        ],
        Field(
            description="Why. The codes last: events carry them. Reasons are told in the order they have here.",
            title="Reason",
        ),
    ]
    words: InBothLanguages
    result: Annotated[
        Literal["eligible", "not_eligible", "coordinator_decides"],
        Field(title="Result"),
    ]
    result_words: InBothLanguages


class LadderBody(BaseModel):
    """Whom to ask, first rung first."""

    model_config = ConfigDict(
        extra="forbid",
    )
    rungs: Annotated[list[RungBody], Field(max_length=10, min_length=1)]


class PageReferralLine(BaseModel):
    items: list[ReferralLine]
    next: Annotated[
        str | None,
        Field(
            description="Absent on the last page",
            examples=["AAZQrn0VgAABkKXQAABwAIAAAAAAAAAA"],
        ),
    ] = None


class PolicyLine(BaseModel):
    """A county's policy and its version of today."""

    id: Annotated[str, Field(examples=["multnomah"])]
    title: Annotated[str, Field(examples=["Multnomah County, Oregon"])]
    in_force: VersionLine | None


class ReferralBody(BaseModel):
    """A referral. Two fields are enough: `pathway` and `need`."""

    model_config = ConfigDict(
        extra="forbid",
    )
    need: Annotated[
        Literal["substance_use", "mental_health", "both", "not_sure"],
        Field(description="What the person's need seems to be", examples=["substance_use"]),
    ]
    person: Person | None = None
    meeting_place: Annotated[MeetingPlace | None, Field(examples=["Test Square, north side"])] = (
        None
    )
    willing: Annotated[
        bool | None, Field(description="Whether the person wants to meet the team")
    ] = None
    offences: Annotated[
        Offences | None,
        Field(description="What could be charged otherwise", examples=[["possession"]]),
    ] = None
    stated: StatedFacts | None = None
    incident_number: Annotated[IncidentNumber | None, Field(examples=["26-0001"])] = None
    note: Annotated[Note | None, Field(examples=["Asked for help by themselves."])] = None
    pathway: Annotated[
        Literal[
            "self_referral",
            "active_outreach",
            "naloxone_plus",
            "officer_referral",
            "officer_intervention",
            "community_response",
        ],
        Field(
            description="Which door this is (PTACC pathways to deflection)",
            examples=["officer_referral"],
        ),
    ]


class ReferralDetails(BaseModel):
    """What is personal in a referral: kept encrypted, never part of an event."""

    model_config = ConfigDict(
        extra="forbid",
    )
    need: Annotated[
        Literal["substance_use", "mental_health", "both", "not_sure"],
        Field(description="What the person's need seems to be", examples=["substance_use"]),
    ]
    person: Person | None = None
    meeting_place: Annotated[MeetingPlace | None, Field(examples=["Test Square, north side"])] = (
        None
    )
    willing: Annotated[
        bool | None, Field(description="Whether the person wants to meet the team")
    ] = None
    offences: Annotated[
        Offences | None,
        Field(description="What could be charged otherwise", examples=[["possession"]]),
    ] = None
    stated: StatedFacts | None = None
    incident_number: Annotated[IncidentNumber | None, Field(examples=["26-0001"])] = None
    note: Annotated[Note | None, Field(examples=["Asked for help by themselves."])] = None


class ReferralReceipt(BaseModel):
    """Your referral is safe with the programme; sending it again changes nothing."""

    id: UUID
    received_at: AwareDatetime
    eligibility: EligibilityView


class ReferralView(BaseModel):
    """What you typed, and where the live handoff stands."""

    id: UUID
    pathway: Literal[
        "self_referral",
        "active_outreach",
        "naloxone_plus",
        "officer_referral",
        "officer_intervention",
        "community_response",
    ]
    received_at: AwareDatetime
    status: Annotated[
        Literal[
            "calling_the_team",
            "offered",
            "calling_more_people",
            "accepted",
            "on_the_way",
            "arrived",
            "nobody_available",
            "withdrawn",
            "received_by_the_programme",
        ],
        Field(title="ReferrerStatus"),
    ]
    accepted_role_code: Annotated[
        str | None,
        Field(
            description="As what whoever comes works, while they do; never a name",
            examples=["peer"],
        ),
    ] = None
    accepted_as: Annotated[InBothLanguages | None, Field(description="The same in words")] = None
    next_step: Annotated[str, Field(examples=["Somebody is coming."])]
    eligibility: EligibilityView
    details: ReferralDetails


class Staff(BaseModel):
    """Everybody who works with the programme."""

    items: list[StaffView]


class VersionView(BaseModel):
    """What the county says from one day up to and including another."""

    number: int
    effective_from: date
    effective_from_confidence: Annotated[
        str, Field(examples=["confirmed", "news", "lead", "judgement"])
    ]
    effective_until: date | None
    sources: list[SourceView]
    offences: list[OffenceView]
    excluded: list[ExclusionView]
    repeat: RepeatView | None


class PolicyView(BaseModel):
    """A county's policy with every version, newest first."""

    id: Annotated[str, Field(examples=["multnomah"])]
    title: Annotated[str, Field(examples=["Multnomah County, Oregon"])]
    in_force: VersionLine | None
    versions: list[VersionView]
