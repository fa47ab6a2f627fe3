"""What people see when they look: referrals, intakes, notices, timelines."""

from http import HTTPStatus
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.client.casework.bodies import (
    EpisodeView,
    FollowupView,
    IntakeView,
    MatchView,
    TimelineLine,
)
from deploy.client.notify.bodies import NoticeView, ReleaseView
from deploy.demo.cast import COORDINATOR, MANAGER, PRIVACY_OFFICER
from deploy.demo.stage import Stage

NOBODY = UUID(int=0)


class Onlooker:
    """What can be seen of one story, through the public APIs."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.first, self.second = uuid7(), uuid7()
        self.accepted_by = ""
        self.participant_id = NOBODY
        self.episode_id = NOBODY
        self.quarter_begins = stage.now()

    def status(self, who: str, referral_id: UUID) -> str:
        status = self.stage.referral(who).get_referral(referral_id).status
        self.stage.report.saw(who, f"status: {status}")
        return status

    def who_comes(self, who: str, referral_id: UUID) -> str | None:
        """Return as what whoever comes works, in words."""
        coming = self.stage.referral(who).get_referral(referral_id).accepted_as
        return coming.en if coming else None

    def notice(self, who: str, kind: str, *, of: UUID | None = None) -> NoticeView | None:
        about = of or self.first
        found = self._notices(who)
        mine = [each for each in found if each.kind == kind and each.referral_id == about]
        if mine:
            self.stage.report.saw(who, f"notice: {kind}")
        return mine[0] if mine else None

    def intake(self, referral_id: UUID) -> IntakeView | None:
        try:
            intake = self.stage.casework(COORDINATOR).get_intake(referral_id)
        except RefusedError as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise
            return None
        return intake if intake.state == "ready" else None

    def enrolled(self) -> EpisodeView | None:
        found = self.stage.casework(self.accepted_by).get_episodes(mine=True, state="enrolled")
        return next((each for each in found.items if each.referral_id == self.first), None)

    def followups(self) -> list[FollowupView]:
        return self.stage.casework(MANAGER).get_followups(episode_id=self.episode_id).items

    def reminded(self) -> NoticeView | None:
        return self.notice(self.accepted_by, "followup_due")

    def states(self) -> dict[str, str]:
        return {each.kind: each.state for each in self.followups()}

    def overdue(self) -> bool:
        return any(each.overdue for each in self.followups())

    def candidate(self, referral_id: UUID, earlier_id: UUID) -> MatchView | None:
        if self.intake(referral_id) is None:
            return None
        found = self.stage.casework(COORDINATOR).get_matches_of(referral_id).items
        return next((each for each in found if each.other_referral_id == earlier_id), None)

    def returned(self) -> bool:
        return "participant_redeflected" in self.kinds_of_lines(MANAGER)

    def kinds_of_lines(self, who: str) -> list[str]:
        kinds = [line.kind for line in self.timeline(who)]
        for kind in kinds:
            self.stage.report.saw(who, f"timeline: {kind}")
        return kinds

    def kinds_of_notices(self, who: str, referral_id: UUID) -> list[str]:
        return [each.kind for each in self._notices(who) if each.referral_id == referral_id]

    def timeline(self, who: str) -> list[TimelineLine]:
        return self.stage.casework(who).get_timeline(self.participant_id, limit=100).items

    def caseload(self, who: str) -> dict[UUID, UUID]:
        """Return the enrolled episodes of *who* by the referral each began with."""
        found = self.stage.casework(who).get_episodes(mine=True, state="enrolled", limit=100)
        return {each.referral_id: each.id for each in found.items}

    def released_table(self, who: str, release_id: UUID) -> ReleaseView | None:
        found = self.stage.notify(who).get_releases().items
        return next((each for each in found if each.id == release_id), None)

    def complete(self) -> list[TimelineLine] | None:
        lines = self.timeline(MANAGER)
        released = [each for each in lines if each.kind == "handoff_officer_released"]
        return lines if len(released) == 2 else None  # noqa: PLR2004 - one for each referral

    def _notices(self, who: str) -> list[NoticeView]:
        if who.startswith("officer"):
            return self.stage.notify(who).get_notices(purpose="referral").items
        if who == PRIVACY_OFFICER:
            return self.stage.notify(who).get_notices(purpose="privacy").items
        return self.stage.notify(who).get_notices(purpose="care_coordination").items
