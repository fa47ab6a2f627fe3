"""Who is in the story, and what they see when they look: intakes, notices, timelines.

Every person, agency and programme is made up.
"""

from datetime import timedelta
from typing import Any

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.demo.stage import REFERRAL, Stage

OFFICER, SECOND_OFFICER = "officer-hemlock", "officer-sorrel"
PEER, SECOND_PEER, MANAGER = "peer-willow", "peer-rowan", "manager-fern"
COORDINATOR, ADMINISTRATOR = "coordinator-juniper", "administrator-acacia"

BIRCH = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31", "phone": "555-0142"}
BURCH = {"name": "Test Participant Burch", "date_of_birth": "1990-01-31"}
POSSESSION = {
    "pathway": "officer_intervention",
    "need": "substance_use",
    "meeting_place": "Test Square, north side",
    "willing": True,
    "offences": ["possession"],
    "stated": {"other_crime": False},
}
LADDER = [
    {"role_code": "peer", "wait_minutes": 5},
    {"role_code": "case_manager", "wait_minutes": 5},
    {"role_code": "coordinator", "wait_minutes": 10},
]
ON_DUTY = ((PEER, "peer"), (MANAGER, "case_manager"), (COORDINATOR, "coordinator"))
SHIFTS_LAST = timedelta(days=60)
CONFLICT, MISSING = 409, 404


class Onlooker:
    """What can be seen of one story, through the public APIs."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.first, self.second = str(uuid7()), str(uuid7())
        self.accepted_by = ""
        self.participant_id = ""
        self.episode_id = ""

    def status(self, who: str, referral_id: str) -> str:
        seen = self.stage.get(who, "referral", f"/referrals/{referral_id}", purpose=REFERRAL)
        status = str(seen["status"])
        self.stage.report.saw(who, f"status: {status}")
        return status

    def notice(self, who: str, kind: str, *, of: str | None = None) -> Any:  # noqa: ANN401 - JSON
        notices = self.stage.get(who, "notify", "/notices")["items"]
        about = of or self.first
        mine = [each for each in notices if each["kind"] == kind and each["referral_id"] == about]
        if mine:
            self.stage.report.saw(who, f"notice: {kind}")
        return mine[0] if mine else None

    def intake(self, referral_id: str) -> Any:  # noqa: ANN401 - JSON
        try:
            intake = self.stage.get(MANAGER, "casework", f"/intakes/{referral_id}")
        except RefusedError as refused:
            if refused.status != MISSING:
                raise
            return None
        return intake if intake["state"] == "ready" else None

    def enrolled(self) -> Any:  # noqa: ANN401 - JSON
        found = self.stage.get(self.accepted_by, "casework", "/episodes?mine=true")["items"]
        return next(
            (
                each
                for each in found
                if each["referral_id"] == self.first and each["state"] == "enrolled"
            ),
            None,
        )

    def followups(self) -> list[dict[str, Any]]:
        path = f"/followups?episode_id={self.episode_id}"
        found: list[dict[str, Any]] = self.stage.get(MANAGER, "casework", path)["items"]
        return found

    def reminded(self) -> Any:  # noqa: ANN401 - JSON
        return self.notice(self.accepted_by, "followup_due")

    def states(self) -> dict[str, str]:
        return {each["kind"]: each["state"] for each in self.followups()}

    def overdue(self) -> bool:
        return any(each["overdue"] for each in self.followups())

    def candidate(self) -> Any:  # noqa: ANN401 - JSON
        if self.intake(self.second) is None:
            return None
        path = f"/intakes/{self.second}/match-candidates"
        found = self.stage.get(MANAGER, "casework", path)["items"]
        return next((each for each in found if each["other_referral_id"] == self.first), None)

    def returned(self) -> bool:
        kinds = [line["kind"] for line in self.timeline(MANAGER)]
        return "participant_redeflected" in kinds

    def timeline(self, who: str) -> list[dict[str, Any]]:
        path = f"/participants/{self.participant_id}/timeline?limit=100"
        lines: list[dict[str, Any]] = self.stage.get(who, "casework", path)["items"]
        return lines

    def complete(self) -> list[dict[str, Any]] | None:
        lines = self.timeline(MANAGER)
        released = [each for each in lines if each["kind"] == "handoff_officer_released"]
        return lines if len(released) == 2 else None  # noqa: PLR2004 - one for each referral
