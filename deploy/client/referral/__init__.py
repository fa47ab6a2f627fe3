"""The client of referral, generated from its OpenAPI document; do not edit."""

from typing import Literal
from uuid import UUID

from deploy.client.referral.bodies import (
    CodeListLine,
    CodeListView,
    DeadLetter,
    DeadLetterWithEvent,
    DeclineBody,
    HandoffView,
    JournalEntry,
    JournalPage,
    LadderBody,
    PageOpenHandoffView,
    PageReferralLine,
    PersonAnswerBody,
    PolicyLine,
    PolicyView,
    ProgrammeBody,
    ReferralBody,
    ReferralDetails,
    ReferralReceipt,
    ReferralView,
    ShiftBody,
    Shifts,
    ShiftView,
    Staff,
    StaffBody,
    StaffView,
    WithdrawalBody,
)
from deploy.client.service import Service, quoted


class Referral(Service):
    """Referrals by first responders, and the live handoff to the deflection team."""

    def put_referral(
        self,
        referral_id: UUID,
        body: ReferralBody,
        *,
        purpose: Literal["referral"] = "referral",
    ) -> ReferralReceipt:
        """Refer a person."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}",
            ReferralReceipt,
            purpose=purpose,
            body=body,
        )

    def get_referral(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["referral", "care_coordination"] = "referral",
    ) -> ReferralView:
        """Show a referral to who made it, to the team while it waits, and to who took it on."""
        return self._ask(
            "GET",
            f"/referrals/{referral_id}",
            ReferralView,
            purpose=purpose,
        )

    def get_own_referrals(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["referral"] = "referral",
    ) -> PageReferralLine:
        """List the referrals that you made, newest first."""
        return self._ask(
            "GET",
            "/referrals",
            PageReferralLine,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_withdrawal(
        self,
        referral_id: UUID,
        body: WithdrawalBody,
        *,
        purpose: Literal["referral", "care_coordination"] = "referral",
    ) -> None:
        """Take a referral back, before anybody has met the person."""
        self._tell(
            "PUT",
            f"/referrals/{referral_id}/withdrawal",
            purpose=purpose,
            body=body,
        )

    def get_identity_packet(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["service_delivery"] = "service_delivery",
    ) -> ReferralDetails:
        """Hand casework who the referral is about: events carry no identity."""
        return self._ask(
            "GET",
            f"/referrals/{referral_id}/identity-packet",
            ReferralDetails,
            purpose=purpose,
        )

    def get_handoffs(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageOpenHandoffView:
        """List the handoffs that wait for somebody, longest first."""
        return self._ask(
            "GET",
            "/handoffs",
            PageOpenHandoffView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_acceptance(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> HandoffView:
        """Accept the handoff."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}/acceptance",
            HandoffView,
            purpose=purpose,
        )

    def put_decline(
        self,
        referral_id: UUID,
        body: DeclineBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> None:
        """Say that you cannot come."""
        self._tell(
            "PUT",
            f"/referrals/{referral_id}/decline",
            purpose=purpose,
            body=body,
        )

    def put_departure(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> HandoffView:
        """Say that you are on the way."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}/departure",
            HandoffView,
            purpose=purpose,
        )

    def put_arrival(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> HandoffView:
        """Say that you are there."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}/arrival",
            HandoffView,
            purpose=purpose,
        )

    def put_meeting(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> HandoffView:
        """Say that you have met the person."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}/meeting",
            HandoffView,
            purpose=purpose,
        )

    def put_person_answer(
        self,
        referral_id: UUID,
        body: PersonAnswerBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> HandoffView:
        """Say whether the person wants to work with the team."""
        return self._ask(
            "PUT",
            f"/referrals/{referral_id}/person-answer",
            HandoffView,
            purpose=purpose,
            body=body,
        )

    def put_officer_release(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["referral", "care_coordination"] = "referral",
    ) -> None:
        """Say that the officer can go."""
        self._tell(
            "PUT",
            f"/referrals/{referral_id}/officer-release",
            purpose=purpose,
        )

    def put_ladder(
        self,
        body: LadderBody,
        *,
        purpose: Literal["administration"] = "administration",
    ) -> LadderBody:
        """Set whom a handoff is offered to, rung by rung."""
        return self._ask(
            "PUT",
            "/ladder",
            LadderBody,
            purpose=purpose,
            body=body,
        )

    def get_ladder(
        self,
        *,
        purpose: Literal["administration", "care_coordination"] = "administration",
    ) -> LadderBody:
        """Show whom a handoff is offered to, rung by rung."""
        return self._ask(
            "GET",
            "/ladder",
            LadderBody,
            purpose=purpose,
        )

    def put_shift(
        self,
        shift_id: UUID,
        body: ShiftBody,
        *,
        purpose: Literal["administration"] = "administration",
    ) -> ShiftView:
        """Say when somebody is on duty, and as what."""
        return self._ask(
            "PUT",
            f"/shifts/{shift_id}",
            ShiftView,
            purpose=purpose,
            body=body,
        )

    def delete_shift(
        self,
        shift_id: UUID,
        *,
        purpose: Literal["administration"] = "administration",
    ) -> None:
        """Take a shift off the roster."""
        self._tell(
            "DELETE",
            f"/shifts/{shift_id}",
            purpose=purpose,
        )

    def get_shifts(
        self,
        *,
        limit: int | None = None,
        purpose: Literal["administration", "care_coordination"] = "administration",
    ) -> Shifts:
        """List the shifts that have not ended, soonest first."""
        return self._ask(
            "GET",
            "/shifts",
            Shifts,
            purpose=purpose,
            query={
                "limit": limit,
            },
        )

    def put_staff(
        self,
        staff_id: str,
        body: StaffBody,
        *,
        purpose: Literal["administration"] = "administration",
    ) -> StaffView:
        """Say what notices need to know of somebody."""
        return self._ask(
            "PUT",
            f"/staff/{quoted(staff_id)}",
            StaffView,
            purpose=purpose,
            body=body,
        )

    def get_staff(
        self,
        *,
        limit: int | None = None,
        purpose: Literal["administration", "care_coordination"] = "administration",
    ) -> Staff:
        """List who works with the programme."""
        return self._ask(
            "GET",
            "/staff",
            Staff,
            purpose=purpose,
            query={
                "limit": limit,
            },
        )

    def put_programme(
        self,
        body: ProgrammeBody,
        *,
        purpose: Literal["administration"] = "administration",
    ) -> ProgrammeBody:
        """Set which county's eligibility policy the programme goes by."""
        return self._ask(
            "PUT",
            "/programme",
            ProgrammeBody,
            purpose=purpose,
            body=body,
        )

    def get_programme(
        self,
        *,
        purpose: Literal["administration", "care_coordination"] = "administration",
    ) -> ProgrammeBody | None:
        """Show which county's policy the programme goes by; nothing if none is set."""
        return self._ask_if_any(
            "/programme",
            ProgrammeBody,
            purpose=purpose,
        )

    def get_policies(
        self,
        *,
        purpose: Literal[
            "referral",
            "care_coordination",
            "operations",
            "service_delivery",
            "administration",
            "feedback",
            "privacy",
        ] = "referral",
    ) -> list[PolicyLine]:
        """List the county policies and their versions of today; they are few, so without pages."""
        return self._ask(
            "GET",
            "/eligibility-policies",
            list[PolicyLine],
            purpose=purpose,
        )

    def get_policy(
        self,
        county: str,
        *,
        purpose: Literal[
            "referral",
            "care_coordination",
            "operations",
            "service_delivery",
            "administration",
            "feedback",
            "privacy",
        ] = "referral",
    ) -> PolicyView:
        """Read one county's policy: every version, what it deflects, excludes and rests on."""
        return self._ask(
            "GET",
            f"/eligibility-policies/{quoted(county)}",
            PolicyView,
            purpose=purpose,
        )

    def get_code_lists(
        self,
        *,
        purpose: Literal[
            "referral",
            "care_coordination",
            "operations",
            "service_delivery",
            "administration",
            "feedback",
            "privacy",
        ] = "referral",
    ) -> list[CodeListLine]:
        """List the code lists; they are few, so there are no pages."""
        return self._ask(
            "GET",
            "/codes",
            list[CodeListLine],
            purpose=purpose,
        )

    def get_code_list(
        self,
        list_id: str,
        *,
        purpose: Literal[
            "referral",
            "care_coordination",
            "operations",
            "service_delivery",
            "administration",
            "feedback",
            "privacy",
        ] = "referral",
    ) -> CodeListView:
        """Read one list: every code it ever had, with labels in English and Spanish."""
        return self._ask(
            "GET",
            f"/codes/{quoted(list_id)}",
            CodeListView,
            purpose=purpose,
        )

    def get_journal(
        self,
        *,
        after: int | None = None,
        limit: int | None = None,
        purpose: Literal["service_delivery", "operations"] = "service_delivery",
    ) -> JournalPage:
        """Read what this service told, in order, after a position: nothing is ever skipped."""
        return self._ask(
            "GET",
            "/journal",
            JournalPage,
            purpose=purpose,
            query={
                "after": after,
                "limit": limit,
            },
        )

    def get_journal_entry(
        self,
        event_id: UUID,
        *,
        purpose: Literal["service_delivery", "operations"] = "service_delivery",
    ) -> JournalEntry:
        """Read one event and its place."""
        return self._ask(
            "GET",
            f"/journal/{event_id}",
            JournalEntry,
            purpose=purpose,
        )

    def get_dead_letters(
        self,
        *,
        limit: int | None = None,
        purpose: Literal["operations"] = "operations",
    ) -> list[DeadLetter]:
        """List the events that a consumer of this service could not handle."""
        return self._ask(
            "GET",
            "/dead-letters",
            list[DeadLetter],
            purpose=purpose,
            query={
                "limit": limit,
            },
        )

    def get_dead_letter(
        self,
        consumer: str,
        event_id: UUID,
        *,
        purpose: Literal["operations"] = "operations",
    ) -> DeadLetterWithEvent:
        """Read one dead letter with its event."""
        return self._ask(
            "GET",
            f"/dead-letters/{quoted(consumer)}/{event_id}",
            DeadLetterWithEvent,
            purpose=purpose,
        )

    def post_replay(
        self,
        consumer: str,
        event_id: UUID,
        *,
        purpose: Literal["operations"] = "operations",
    ) -> DeadLetterWithEvent:
        """Have the worker handle a dead letter again, within a second or so."""
        return self._ask(
            "POST",
            f"/dead-letters/{quoted(consumer)}/{event_id}/replay",
            DeadLetterWithEvent,
            purpose=purpose,
        )
