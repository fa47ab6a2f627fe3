"""The client of casework, generated from its OpenAPI document; do not edit."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Literal
from uuid import UUID

from deploy.client.casework.bodies import (
    BreakGlassBody,
    BreakGlassView,
    ClosureBody,
    CodeListLine,
    CodeListView,
    CompletionBody,
    ConsentBody,
    ConsentTexts,
    ConsentView,
    ContactBody,
    Contacts,
    ContactView,
    DeadLetter,
    DeadLetterWithEvent,
    DecisionBody,
    EligibilityHistoryView,
    EpisodeView,
    EpisodeWithTeam,
    FollowupView,
    GoalBody,
    GoalEndBody,
    Goals,
    GoalView,
    GrantBody,
    GrantView,
    IntakeView,
    JournalEntry,
    JournalPage,
    MatchView,
    Needs,
    NeedView,
    NotConnectedBody,
    OfficerNoticeBody,
    OfficerNoticeView,
    OutcomeBody,
    OutcomeView,
    PageBreakGlassView,
    PageConsentView,
    PageDisclosureView,
    PageEpisodeView,
    PageFollowupView,
    PageIntakeLine,
    PageMatchView,
    PageReleaseView,
    PageTimelineLine,
    ParticipantView,
    PauseBody,
    ReleaseBody,
    ReleaseView,
    RestrictionBody,
    RestrictionView,
    ReviewBody,
    RevocationView,
    SafeContactBody,
    SafeContactView,
    SplitView,
    TeamMemberBody,
)
from deploy.client.service import Service, quoted


class Casework(Service):
    """Participants, their intakes and their timelines, for peers and case managers."""

    def get_intakes(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageIntakeLine:
        """List the programme's intakes, newest first."""
        return self._ask(
            "GET",
            "/intakes",
            PageIntakeLine,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def get_intake(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> IntakeView:
        """Show one intake with who it is about."""
        return self._ask(
            "GET",
            f"/intakes/{referral_id}",
            IntakeView,
            purpose=purpose,
        )

    def get_participant(
        self,
        participant_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> ParticipantView:
        """Show what is current about one person: episodes, goals, needs, follow-ups, safe contact."""
        return self._ask(
            "GET",
            f"/participants/{participant_id}",
            ParticipantView,
            purpose=purpose,
        )

    def get_eligibility_history(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EligibilityHistoryView:
        """Judge whether the person's history meets the county's rule on coming again."""
        return self._ask(
            "GET",
            f"/intakes/{referral_id}/eligibility-history",
            EligibilityHistoryView,
            purpose=purpose,
        )

    def get_timeline(
        self,
        participant_id: UUID,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageTimelineLine:
        """Read a participant's timeline, newest first, nothing twice."""
        return self._ask(
            "GET",
            f"/participants/{participant_id}/timeline",
            PageTimelineLine,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def stream_timeline(
        self,
        participant_id: UUID,
        *,
        last_event_id: UUID | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> AbstractContextManager[Iterator[str]]:
        """Send each line once as it is added, its id with it."""
        headers = {"Last-Event-ID": str(last_event_id)} if last_event_id else {}
        return self._follow(
            f"/participants/{participant_id}/timeline/stream", purpose=purpose, headers=headers
        )

    def get_matches(
        self,
        *,
        state: Literal["proposed", "linked", "not_the_same", "ask_later"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageMatchView:
        """List referrals that may be about one person, newest first."""
        return self._ask(
            "GET",
            "/match-candidates",
            PageMatchView,
            purpose=purpose,
            query={
                "state": state,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def get_matches_of(
        self,
        referral_id: UUID,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageMatchView:
        """Show whom this referral might be about, with the reasons."""
        return self._ask(
            "GET",
            f"/intakes/{referral_id}/match-candidates",
            PageMatchView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_decision(
        self,
        candidate_id: UUID,
        body: DecisionBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> MatchView:
        """Link, refuse or put off."""
        return self._ask(
            "PUT",
            f"/match-candidates/{candidate_id}/decision",
            MatchView,
            purpose=purpose,
            body=body,
        )

    def put_split(
        self,
        participant_id: UUID,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> SplitView:
        """Undo a link: the referral is about somebody else after all."""
        return self._ask(
            "PUT",
            f"/participants/{participant_id}/referrals/{referral_id}/split",
            SplitView,
            purpose=purpose,
        )

    def get_episodes(
        self,
        *,
        mine: bool | None = None,
        state: Literal["outreach", "enrolled", "paused", "closed"] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageEpisodeView:
        """List episodes, newest first; `mine` is your caseload."""
        return self._ask(
            "GET",
            "/episodes",
            PageEpisodeView,
            purpose=purpose,
            query={
                "mine": mine,
                "state": state,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def get_episode(
        self,
        episode_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EpisodeWithTeam:
        """Show an episode and who works, or worked, on it."""
        return self._ask(
            "GET",
            f"/episodes/{episode_id}",
            EpisodeWithTeam,
            purpose=purpose,
        )

    def put_enrolment(
        self,
        episode_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EpisodeView:
        """Say that the person agreed to take part; follow-ups are planned."""
        return self._ask(
            "PUT",
            f"/episodes/{episode_id}/enrolment",
            EpisodeView,
            purpose=purpose,
        )

    def put_pause(
        self,
        episode_id: UUID,
        body: PauseBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EpisodeView:
        """Let the work rest; what was planned is cancelled."""
        return self._ask(
            "PUT",
            f"/episodes/{episode_id}/pause",
            EpisodeView,
            purpose=purpose,
            body=body,
        )

    def put_closure(
        self,
        episode_id: UUID,
        body: ClosureBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EpisodeView:
        """End the work."""
        return self._ask(
            "PUT",
            f"/episodes/{episode_id}/closure",
            EpisodeView,
            purpose=purpose,
            body=body,
        )

    def put_reopening(
        self,
        episode_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> EpisodeView:
        """Go on with a closed episode; outreach comes first again."""
        return self._ask(
            "PUT",
            f"/episodes/{episode_id}/reopening",
            EpisodeView,
            purpose=purpose,
        )

    def put_team_member(
        self,
        episode_id: UUID,
        staff_id: str,
        body: TeamMemberBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> None:
        """Put somebody on the care team."""
        self._tell(
            "PUT",
            f"/episodes/{episode_id}/care-team/{quoted(staff_id)}",
            purpose=purpose,
            body=body,
        )

    def delete_team_member(
        self,
        episode_id: UUID,
        staff_id: str,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> None:
        """Take somebody off the care team; that they knew the person stays known."""
        self._tell(
            "DELETE",
            f"/episodes/{episode_id}/care-team/{quoted(staff_id)}",
            purpose=purpose,
        )

    def put_contact(
        self,
        contact_id: UUID,
        body: ContactBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> ContactView:
        """Log a contact or an attempt."""
        return self._ask(
            "PUT",
            f"/contacts/{contact_id}",
            ContactView,
            purpose=purpose,
            body=body,
        )

    def get_contacts(
        self,
        episode_id: UUID,
        *,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> Contacts:
        """List an episode's contacts with their notes, newest first."""
        return self._ask(
            "GET",
            f"/episodes/{episode_id}/contacts",
            Contacts,
            purpose=purpose,
            query={
                "limit": limit,
            },
        )

    def get_followups(
        self,
        *,
        mine: bool | None = None,
        state: Literal["scheduled", "due", "completed", "missed", "cancelled"] | None = None,
        episode_id: UUID | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageFollowupView:
        """List follow-ups, soonest first; `mine` are those of the episodes you work on."""
        return self._ask(
            "GET",
            "/followups",
            PageFollowupView,
            purpose=purpose,
            query={
                "mine": mine,
                "state": state,
                "episode_id": episode_id,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_completion(
        self,
        followup_id: UUID,
        body: CompletionBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> FollowupView:
        """Say that a follow-up took place."""
        return self._ask(
            "PUT",
            f"/followups/{followup_id}/completion",
            FollowupView,
            purpose=purpose,
            body=body,
        )

    def put_safe_contact(
        self,
        referral_id: UUID,
        body: SafeContactBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> SafeContactView:
        """Confirm how the person may safely be reached; what is planned moves into those hours."""
        return self._ask(
            "PUT",
            f"/intakes/{referral_id}/safe-contact",
            SafeContactView,
            purpose=purpose,
            body=body,
        )

    def get_safe_contact(
        self,
        referral_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> SafeContactView | None:
        """Show what was last confirmed of how the person may be reached; nothing if nobody asked."""
        return self._ask_if_any(
            f"/intakes/{referral_id}/safe-contact",
            SafeContactView,
            purpose=purpose,
        )

    def put_goal(
        self,
        goal_id: UUID,
        body: GoalBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> GoalView:
        """Set a goal in the person's own words."""
        return self._ask(
            "PUT",
            f"/goals/{goal_id}",
            GoalView,
            purpose=purpose,
            body=body,
        )

    def put_goal_end(
        self,
        goal_id: UUID,
        body: GoalEndBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> GoalView:
        """Say that a goal was reached, or set aside."""
        return self._ask(
            "PUT",
            f"/goals/{goal_id}/end",
            GoalView,
            purpose=purpose,
            body=body,
        )

    def get_goals(
        self,
        episode_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> Goals:
        """List an episode's goals, oldest first; an episode that is reopened keeps them."""
        return self._ask(
            "GET",
            f"/episodes/{episode_id}/goals",
            Goals,
            purpose=purpose,
        )

    def put_connection(
        self,
        need_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> NeedView:
        """Say that the person is connected with somebody who meets the need."""
        return self._ask(
            "PUT",
            f"/needs/{need_id}/connection",
            NeedView,
            purpose=purpose,
        )

    def put_no_connection(
        self,
        need_id: UUID,
        body: NotConnectedBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> NeedView:
        """Say that nobody was found so far, and why; a connection may still follow."""
        return self._ask(
            "PUT",
            f"/needs/{need_id}/no-connection",
            NeedView,
            purpose=purpose,
            body=body,
        )

    def get_needs(
        self,
        episode_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> Needs:
        """List the needs that were named in an episode, oldest first."""
        return self._ask(
            "GET",
            f"/episodes/{episode_id}/needs",
            Needs,
            purpose=purpose,
        )

    def get_restriction(
        self,
        participant_id: UUID,
        *,
        purpose: Literal["care_coordination", "privacy"] = "care_coordination",
    ) -> RestrictionView:
        """Show whether a record is restricted, and for whom it is."""
        return self._ask(
            "GET",
            f"/participants/{participant_id}/restriction",
            RestrictionView,
            purpose=purpose,
        )

    def put_restriction(
        self,
        participant_id: UUID,
        body: RestrictionBody,
        *,
        purpose: Literal["care_coordination", "privacy"] = "care_coordination",
    ) -> RestrictionView:
        """Have a record be for named people alone: not for its care team, nor for supervisors."""
        return self._ask(
            "PUT",
            f"/participants/{participant_id}/restriction",
            RestrictionView,
            purpose=purpose,
            body=body,
        )

    def put_lifting(
        self,
        participant_id: UUID,
        *,
        purpose: Literal["care_coordination", "privacy"] = "care_coordination",
    ) -> RestrictionView:
        """Have a record be for its care team and their supervisors again."""
        return self._ask(
            "PUT",
            f"/participants/{participant_id}/restriction/lifting",
            RestrictionView,
            purpose=purpose,
        )

    def put_break_glass(
        self,
        participant_id: UUID,
        access_id: UUID,
        body: BreakGlassBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> BreakGlassView:
        """Open one record in an emergency: 15 minutes, to read."""
        return self._ask(
            "PUT",
            f"/participants/{participant_id}/break-glass-accesses/{access_id}",
            BreakGlassView,
            purpose=purpose,
            body=body,
        )

    def get_break_glass(
        self,
        *,
        reviewed: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["privacy"] = "privacy",
    ) -> PageBreakGlassView:
        """List records that were opened in an emergency, with who opened them and why, newest first."""
        return self._ask(
            "GET",
            "/break-glass-accesses",
            PageBreakGlassView,
            purpose=purpose,
            query={
                "reviewed": reviewed,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_review(
        self,
        access_id: UUID,
        body: ReviewBody,
        *,
        purpose: Literal["privacy"] = "privacy",
    ) -> BreakGlassView:
        """Judge an access in an emergency."""
        return self._ask(
            "PUT",
            f"/break-glass-accesses/{access_id}/review",
            BreakGlassView,
            purpose=purpose,
            body=body,
        )

    def get_consent_texts(
        self,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> ConsentTexts:
        """List what people sign, in both languages: show it to them before you record a consent."""
        return self._ask(
            "GET",
            "/consent-texts",
            ConsentTexts,
            purpose=purpose,
        )

    def put_consent(
        self,
        consent_id: UUID,
        body: ConsentBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> ConsentView:
        """Record what the person signed."""
        return self._ask(
            "PUT",
            f"/consents/{consent_id}",
            ConsentView,
            purpose=purpose,
            body=body,
        )

    def put_revocation(
        self,
        consent_id: UUID,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> RevocationView:
        """Take a consent back: nothing more leaves on it."""
        return self._ask(
            "PUT",
            f"/consents/{consent_id}/revocation",
            RevocationView,
            purpose=purpose,
        )

    def get_consents(
        self,
        participant_id: UUID,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> PageConsentView:
        """List a participant's consents, newest first, with what each is by now."""
        return self._ask(
            "GET",
            f"/participants/{participant_id}/consents",
            PageConsentView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_officer_notice(
        self,
        notice_id: UUID,
        body: OfficerNoticeBody,
        *,
        purpose: Literal["care_coordination"] = "care_coordination",
    ) -> OfficerNoticeView:
        """Record the person's own yes to one notice to whoever referred them."""
        return self._ask(
            "PUT",
            f"/officer-notices/{notice_id}",
            OfficerNoticeView,
            purpose=purpose,
            body=body,
        )

    def post_grant(
        self,
        body: GrantBody,
        *,
        purpose: Literal["service_delivery"] = "service_delivery",
    ) -> GrantView:
        """Ask whether one notice may leave now."""
        return self._ask(
            "POST",
            "/disclosures/grants",
            GrantView,
            purpose=purpose,
            body=body,
        )

    def put_outcome(
        self,
        disclosure_id: UUID,
        body: OutcomeBody,
        *,
        purpose: Literal["service_delivery"] = "service_delivery",
    ) -> OutcomeView:
        """Say what became of a grant, however late."""
        return self._ask(
            "PUT",
            f"/disclosures/{disclosure_id}/outcome",
            OutcomeView,
            purpose=purpose,
            body=body,
        )

    def get_disclosures(
        self,
        participant_id: UUID,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["care_coordination", "privacy"] = "care_coordination",
    ) -> PageDisclosureView:
        """Account for what left the programme about a participant, newest first."""
        return self._ask(
            "GET",
            f"/participants/{participant_id}/disclosures",
            PageDisclosureView,
            purpose=purpose,
            query={
                "cursor": cursor,
                "limit": limit,
            },
        )

    def put_release(
        self,
        release_id: UUID,
        body: ReleaseBody,
        *,
        purpose: Literal["feedback"] = "feedback",
    ) -> ReleaseView:
        """Release an agency's table of a calendar quarter (UTC days), once and for ever."""
        return self._ask(
            "PUT",
            f"/feedback-releases/{release_id}",
            ReleaseView,
            purpose=purpose,
            body=body,
        )

    def get_release(
        self,
        release_id: UUID,
        *,
        purpose: Literal["feedback", "service_delivery"] = "feedback",
    ) -> ReleaseView:
        """Show one released table with its gaps; notify fetches it to mail it."""
        return self._ask(
            "GET",
            f"/feedback-releases/{release_id}",
            ReleaseView,
            purpose=purpose,
        )

    def get_releases(
        self,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        purpose: Literal["feedback"] = "feedback",
    ) -> PageReleaseView:
        """List released tables, newest first."""
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
