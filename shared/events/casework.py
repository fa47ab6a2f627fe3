"""What casework tells: ids and moments. What a need, a contact or a consent is about stays there.

`referral_id` is the referral that the told thing hangs on; the person is resolved when it is read.
"""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import Event

OfficerNotice = Literal["connected", "working_together", "completed", "thank_you"]


class CaseworkEvent(Event):
    owner: ClassVar[str] = "casework"

    referral_id: UUID


class ParticipantLinked(CaseworkEvent, subject="deflection.participant.linked.v1"):
    """A worker found that this referral is about somebody the programme knows."""

    participant_id: UUID
    linked_by: str


class ParticipantSplit(CaseworkEvent, subject="deflection.participant.split.v1"):
    """A worker found that this referral is about somebody else after all."""

    participant_id: UUID
    split_by: str


class ParticipantRedeflected(CaseworkEvent, subject="deflection.participant.redeflected.v1"):
    """Somebody who had been with the programme was deflected again: relapse is part of recovery."""

    participant_id: UUID
    episode_id: UUID


class ParticipantReturnAnnounced(
    CaseworkEvent, subject="deflection.participant.return_announced.v1"
):
    """Whoever knew the person is told of the return, after the referrer's release and not before.

    Told earlier, a worker's behaviour could show the referrer that the person is known.
    """

    participant_id: UUID
    staff_ids: tuple[str, ...]


class ParticipantRestricted(CaseworkEvent, subject="deflection.participant.restricted.v1"):
    """The person's record is for named people only from now on, or for others than before."""

    participant_id: UUID
    restricted_by: str


class ParticipantRestrictionLifted(
    CaseworkEvent, subject="deflection.participant.restriction_lifted.v1"
):
    """The person's record is for their care team and its supervisors again."""

    participant_id: UUID
    lifted_by: str


class EmergencyOpened(CaseworkEvent, subject="deflection.emergency.opened.v1"):
    """Somebody opened a record in an emergency. The privacy officer looks at why."""

    access_id: UUID
    participant_id: UUID
    staff_id: str


class EpisodeEvent(CaseworkEvent):
    episode_id: UUID


class EpisodeOpened(EpisodeEvent, subject="deflection.episode.opened.v1"):
    """Outreach began."""

    worker_ids: tuple[str, ...]


class EpisodeEnrolled(EpisodeEvent, subject="deflection.episode.enrolled.v1"):
    """The person agreed to take part."""


class EpisodePaused(EpisodeEvent, subject="deflection.episode.paused.v1"):
    """Work rests for a while."""


class EpisodeClosed(EpisodeEvent, subject="deflection.episode.closed.v1"):
    """Work ended. Why stays in casework."""


class EpisodeReopened(EpisodeEvent, subject="deflection.episode.reopened.v1"):
    """Work goes on, with the goals there were."""

    sequence: int


class ContactEvent(EpisodeEvent):
    contact_id: UUID


class ContactAttempted(ContactEvent, subject="deflection.contact.attempted.v1"):
    """Somebody tried to reach the person."""


class ContactMade(ContactEvent, subject="deflection.contact.made.v1"):
    """Somebody spoke with the person."""


class FollowupEvent(EpisodeEvent):
    followup_id: UUID
    followup_kind: str


class FollowupScheduled(FollowupEvent, subject="deflection.followup.scheduled.v1"):
    """A follow-up is planned, in the person's time zone and within safe hours."""

    due_at: AwareDatetime


class FollowupDue(FollowupEvent, subject="deflection.followup.due.v1"):
    """It is time to be in touch."""

    assigned_ids: tuple[str, ...]


class FollowupCompleted(FollowupEvent, subject="deflection.followup.completed.v1"):
    """The follow-up took place."""

    completed_by: str


class FollowupMissed(FollowupEvent, subject="deflection.followup.missed.v1"):
    """Its window passed. The next one stands as it was."""

    assigned_ids: tuple[str, ...]


class FollowupCancelled(FollowupEvent, subject="deflection.followup.cancelled.v1"):
    """The episode ended or rests, so this follow-up is not needed."""


class NeedEvent(EpisodeEvent):
    need_id: UUID


class NeedIdentified(NeedEvent, subject="deflection.need.identified.v1"):
    """The person named a need. Which one stays in casework."""


class NeedConnected(NeedEvent, subject="deflection.need.connected.v1"):
    """The person is connected with somebody who meets the need."""


class NeedNotConnected(NeedEvent, subject="deflection.need.not_connected.v1"):
    """Nobody could be found to meet the need so far. Why stays in casework."""


class GoalEvent(EpisodeEvent):
    goal_id: UUID


class GoalSet(GoalEvent, subject="deflection.goal.set.v1"):
    """The person said what they want to reach. What it is stays in casework."""


class GoalReached(GoalEvent, subject="deflection.goal.reached.v1"):
    """The person reached a goal."""


class GoalDropped(GoalEvent, subject="deflection.goal.dropped.v1"):
    """The person set a goal aside."""


class ConsentEvent(CaseworkEvent):
    consent_id: UUID


class ConsentGranted(ConsentEvent, subject="deflection.consent.granted.v1"):
    """The person consented to a disclosure."""


class ConsentRevoked(ConsentEvent, subject="deflection.consent.revoked.v1"):
    """The person took a consent back: what has no grant yet does not leave."""


class ConsentExpired(ConsentEvent, subject="deflection.consent.expired.v1"):
    """A consent reached its date or event."""


class MilestoneReached(CaseworkEvent, subject="deflection.milestone.reached.v1"):
    """The person said yes to one notice to whoever referred them. The gate decides if it leaves."""

    notice_id: UUID
    notice_kind: OfficerNotice


class DisclosureMade(CaseworkEvent, subject="deflection.disclosure.made.v1"):
    """Something about a participant was granted to leave the programme."""

    disclosure_id: UUID


class FirewallTried(Event, subject="deflection.firewall.tried.v1"):
    """Somebody whose work is enforcement asked casework for something: told once a day for each."""

    owner: ClassVar[str] = "casework"

    staff_id: str


class ProbingNoticed(Event, subject="deflection.probing.noticed.v1"):
    """Somebody asked many times for what is not theirs, or not there: told once a day for each."""

    owner: ClassVar[str] = "casework"

    staff_id: str


class FeedbackPublished(Event, subject="deflection.feedback.published.v1"):
    """A table of a closed period was released to an agency, once and for ever."""

    owner: ClassVar[str] = "casework"

    release_id: UUID
    agency_id: str
    period_from: date
    period_until: date
