"""The client of notify, generated from its OpenAPI document; do not edit."""

from typing import Literal
from uuid import UUID

from deploy.client.notify.bodies import (
    AddressBody,
    AddressView,
    CodeListLine,
    CodeListView,
    DeadLetter,
    DeadLetterWithEvent,
    JournalEntry,
    JournalPage,
    NoticeView,
    PageDeliveryView,
    PageNoticeView,
    PageReleaseView,
    ReleaseView,
)
from deploy.client.service import Service, quoted


class Notify(Service):
    """Notices to members of staff: no fact about a participant, no personal text."""

    def get_notices(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal[
            "care_coordination", "referral", "feedback", "privacy"
        ] = "care_coordination",
    ) -> PageNoticeView:
        """List the notices to you and, to coordinate care, to the roles you have, newest first."""
        return self._ask(
            "GET",
            "/notices",
            PageNoticeView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_reading(
        self,
        notice_id: UUID,
        *,
        purpose: Literal[
            "care_coordination", "referral", "feedback", "privacy"
        ] = "care_coordination",
    ) -> NoticeView:
        """Mark a notice as read by you; marking it again changes nothing."""
        return self._ask(
            "PUT",
            f"/notices/{notice_id}/reading",
            NoticeView,
            purpose=purpose,
        )

    def put_address(
        self,
        staff_id: str,
        body: AddressBody,
        *,
        purpose: Literal[
            "care_coordination", "referral", "feedback", "administration", "privacy"
        ] = "care_coordination",
    ) -> AddressView:
        """Say where mail is to go: your own, or anybody's for administration."""
        return self._ask(
            "PUT",
            f"/delivery-addresses/{quoted(staff_id)}",
            AddressView,
            purpose=purpose,
            body=body,
        )

    def get_address(
        self,
        staff_id: str,
        *,
        purpose: Literal[
            "care_coordination", "referral", "feedback", "administration", "privacy"
        ] = "care_coordination",
    ) -> AddressView:
        """Show where mail goes."""
        return self._ask(
            "GET",
            f"/delivery-addresses/{quoted(staff_id)}",
            AddressView,
            purpose=purpose,
        )

    def get_deliveries(
        self,
        *,
        notice_id: UUID | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["administration"] = "administration",
    ) -> PageDeliveryView:
        """List what was handed over and when, or why not, newest first."""
        return self._ask(
            "GET",
            "/deliveries",
            PageDeliveryView,
            purpose=purpose,
            query={
                "notice_id": notice_id,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def get_releases(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["feedback"] = "feedback",
    ) -> PageReleaseView:
        """List the released tables of your agency or, for the programme's own, of all; newest first."""
        return self._ask(
            "GET",
            "/feedback-releases",
            PageReleaseView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def get_release(
        self,
        release_id: UUID,
        *,
        purpose: Literal["feedback"] = "feedback",
    ) -> ReleaseView:
        """Show one released table with its gaps."""
        return self._ask(
            "GET",
            f"/feedback-releases/{release_id}",
            ReleaseView,
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
