"""Bodies of contacts, follow-ups and safe hours."""

from datetime import datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from services.casework.domain.contacts import OUTCOMES, ContactKind, fits
from services.casework.domain.followups import FollowupKind, FollowupState
from shared.http.bodies import Strict, TimeZoneName, to_mend
from shared.http.codes import code_field, shown_code
from shared.http.staff import ShownStaffId

ModeCode = Annotated[str, code_field("contact_modes")]
PlaceCode = Annotated[str, code_field("contact_places")]
OutcomeCode = Annotated[str, code_field("contact_outcomes")]
NeedCode = Annotated[str, code_field("needs")]
SupplyCode = Annotated[str, code_field("supplies")]
LanguageCode = Annotated[str, code_field("languages")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Count = Annotated[int, Field(ge=1, le=100)]


class ContactBody(Strict):
    """A try to be in touch, met with success or not."""

    episode_id: UUID
    kind: ContactKind = Field(examples=["made"])
    mode_code: ModeCode = Field(examples=["in_person"])
    place_code: PlaceCode | None = Field(None, examples=["street"])
    outcome_code: OutcomeCode = Field(examples=["reached"])
    started_at: AwareDatetime
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = Field(None, examples=[20])
    police_present: StrictBool | None = None
    supplies: dict[SupplyCode, Count] = Field(
        default_factory=dict, max_length=20, examples=[{"naloxone_kit": 1}]
    )
    needs: list[NeedCode] = Field(default_factory=list, max_length=20, examples=[["housing"]])
    followup_id: UUID | None = None
    note: Note | None = Field(None, examples=["Wants to call again on Thursday."])

    @model_validator(mode="after")
    def _outcome_fits(self) -> Self:
        if not fits(self.kind, self.outcome_code):
            allowed = ", ".join(sorted(OUTCOMES[self.kind]))
            raise to_mend(f"The outcome of a contact that was {self.kind} is one of: {allowed}.")
        return self


class ContactView(BaseModel):
    """A contact as it was logged."""

    id: UUID
    episode_id: UUID
    kind: ContactKind = Field(examples=["made"])
    mode_code: Annotated[str, shown_code("contact_modes")]
    place_code: Annotated[str, shown_code("contact_places")] | None
    outcome_code: Annotated[str, shown_code("contact_outcomes")]
    started_at: datetime
    minutes: int | None = Field(examples=[20])
    police_present: bool | None
    supplies: dict[str, int] = Field(examples=[{"naloxone_kit": 1}])
    logged_by: ShownStaffId
    logged_at: datetime


class ContactWithNote(ContactView):
    note: str | None = Field(examples=["Wants to call again on Thursday."])


class Contacts(BaseModel):
    """An episode's contacts, newest first."""

    items: list[ContactWithNote]


class FollowupView(BaseModel):
    """One planned time to be in touch."""

    id: UUID
    episode_id: UUID
    kind: FollowupKind
    state: FollowupState
    overdue: bool = Field(description="Computed when it is read")
    due_at: datetime
    window_ends_at: datetime
    completed_at: datetime | None
    completed_by: ShownStaffId | None


class CompletionBody(Strict):
    """With which contact, if one was logged."""

    contact_id: UUID | None = None


class SafeContactBody(Strict):
    """How the person says they may safely be reached."""

    time_zone: TimeZoneName
    from_time: time = Field(examples=["09:00"])
    until_time: time = Field(examples=["20:00"])
    mode_codes: list[ModeCode] = Field(max_length=10, examples=[["phone_call"]])
    may_leave_message: StrictBool
    may_name_programme: StrictBool
    language_code: LanguageCode = Field(examples=["en"])

    @model_validator(mode="after")
    def _an_hour_of_one_day(self) -> Self:
        if self.from_time.tzinfo or self.until_time.tzinfo:
            raise to_mend("Hours are by the clock where the person lives: give no offset.")
        minutes = (self.until_time.hour - self.from_time.hour) * 60
        if minutes + self.until_time.minute - self.from_time.minute < 60:  # noqa: PLR2004 - one hour
            raise to_mend("Leave at least one hour between the two, on one day.")
        return self


class SafeContactView(SafeContactBody):
    confirmed_at: datetime
    confirmed_by: ShownStaffId
