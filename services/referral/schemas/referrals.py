"""Bodies of referrals."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PastDate,
    StrictBool,
    StringConstraints,
)

from services.referral.domain.eligibility import Result
from services.referral.domain.referrer_view import ReferrerStatus
from services.referral.domain.stated import Offence, Reason, Stated
from services.referral.use_cases.judge_eligibility import Told
from shared.events.referral import Pathway
from shared.http.bodies import Strict
from shared.http.codes import code_field
from shared.http.languages import InBothLanguages

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().-]{7,20}$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def _as_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a date is written as text")  # noqa: TRY004 - what Pydantic reports
    return value


# A number would be taken as seconds since 1970.
BirthDate = Annotated[PastDate, BeforeValidator(_as_text)]


class Person(Strict):
    """Who is referred, as far as the referrer knows."""

    name: Line | None = Field(None, examples=["Test Participant Birch"])
    date_of_birth: BirthDate | None = Field(None, examples=["1990-01-31"])
    phone: Phone | None = Field(None, examples=["555-0142"])
    description: Line | None = Field(None, examples=["green jacket, by the bus stop"])


class StatedFacts(Strict):
    """What the referrer knows of what a county asks. Leave out what you do not know."""

    other_crime: StrictBool | None = None
    adult: StrictBool | None = None
    resident: StrictBool | None = None
    on_supervision: StrictBool | None = None
    open_charges: StrictBool | None = None
    warrant: StrictBool | None = None
    excluded_conviction: StrictBool | None = None
    combative: StrictBool | None = None
    victim_consents: StrictBool | None = None


class ReferralDetails(Strict):
    """What is personal in a referral: kept encrypted, never part of an event."""

    need: Literal["substance_use", "mental_health", "both", "not_sure"] = Field(
        description="What the person's need seems to be", examples=["substance_use"]
    )
    person: Person | None = None
    meeting_place: Line | None = Field(None, examples=["Test Square, north side"])
    willing: StrictBool | None = Field(
        None, description="Whether the person wants to meet the team"
    )
    offences: Annotated[frozenset[Offence], Field(max_length=10)] | None = Field(
        None, description="What could be charged otherwise", examples=[["possession"]]
    )
    stated: StatedFacts | None = None
    incident_number: Line | None = Field(None, examples=["26-0001"])
    note: Note | None = Field(None, examples=["Asked for help by themselves."])


class ReferralBody(ReferralDetails):
    """A referral. Two fields are enough: `pathway` and `need`."""

    pathway: Pathway = Field(
        description="Which door this is (PTACC pathways to deflection)",
        examples=["officer_referral"],
    )

    def packet(self) -> bytes:
        """Return all that is personal, as JSON."""
        whole = self.model_dump(mode="json", exclude={"pathway"}, exclude_none=True)
        if self.offences is not None:
            whole["offences"] = sorted(self.offences)  # a set has no order: the same bytes again
        return orjson.dumps(whole)

    def statement(self) -> Stated:
        """Return what eligibility is judged by."""
        facts = self.stated.model_dump() if self.stated else {}
        return Stated(
            pathway=self.pathway,
            offences=self.offences or frozenset(),
            willing=self.willing,
            **facts,
        )


RESULT_WORDS = {
    Result.ELIGIBLE: InBothLanguages(
        en="Going by what you stated, the county's policy allows deflection.",
        es="Según lo que usted indicó, la política del condado permite la derivación.",
    ),
    Result.NOT_ELIGIBLE: InBothLanguages(
        en="Going by what you stated, the county's policy does not allow deflection for this.",
        es="Según lo que usted indicó, la política del condado no permite la derivación en este"
        " caso.",
    ),
    Result.COORDINATOR_DECIDES: InBothLanguages(
        en="Going by what you stated, the policy leaves this open: the coordinator decides.",
        es="Según lo que usted indicó, la política lo deja abierto: decide la coordinación.",
    ),
}


class EligibilityView(BaseModel):
    """What the county's policy in force says of what you stated, and of nothing else."""

    result: Result
    reasons: list[Reason]
    policy_id: str = Field(examples=["multnomah"])
    policy_version: int
    words: InBothLanguages

    @classmethod
    def of(cls, told: Told) -> Self:
        return cls(
            result=told.result,
            reasons=list(told.reasons),
            policy_id=told.policy_id,
            policy_version=told.policy_version,
            words=RESULT_WORDS[told.result],
        )


class ReferralReceipt(BaseModel):
    """Your referral is safe with the programme; sending it again changes nothing."""

    id: UUID
    received_at: datetime
    eligibility: EligibilityView


class ReferralLine(BaseModel):
    """One of your referrals; who it is about is read one by one."""

    id: UUID
    pathway: Pathway
    received_at: datetime


class WithdrawalBody(Strict):
    """Why the referral is taken back."""

    reason_code: Annotated[str, code_field("withdrawal_reasons")] = Field(
        examples=["made_by_mistake"]
    )


class ReferralView(BaseModel):
    """What you typed, and where the live handoff stands."""

    id: UUID
    pathway: Pathway
    received_at: datetime
    status: ReferrerStatus
    accepted_role_code: str | None = Field(
        None,
        description="As what whoever comes works, while they do; never a name",
        examples=["peer"],
    )
    accepted_as: InBothLanguages | None = Field(None, description="The same in words")
    next_step: str = Field(examples=["Somebody is coming."])
    eligibility: EligibilityView
    details: ReferralDetails
