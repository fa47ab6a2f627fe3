"""What people see when they look: referrals, intakes, notices, timelines."""

from http import HTTPStatus
from typing import Any

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.demo.cast import MANAGER
from deploy.demo.stage import CARE, FEEDBACK, REFERRAL, Stage


class Onlooker:
    """What can be seen of one story, through the public APIs."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.first, self.second = str(uuid7()), str(uuid7())
        self.accepted_by = ""
        self.participant_id = ""
        self.episode_id = ""
        self.quarter_begins = stage.now()

    def status(self, who: str, referral_id: str) -> str:
        seen = self.stage.get(who, "referral", f"/referrals/{referral_id}", purpose=REFERRAL)
        status = str(seen["status"])
        self.stage.report.saw(who, f"status: {status}")
        return status

    def who_comes(self, who: str, referral_id: str) -> str | None:
        """Return as what whoever comes works, in words."""
        seen = self.stage.get(who, "referral", f"/referrals/{referral_id}", purpose=REFERRAL)
        return str(seen["accepted_as"]["en"]) if "accepted_as" in seen else None

    def notice(self, who: str, kind: str, *, of: str | None = None) -> Any:  # noqa: ANN401 - JSON
        purpose = REFERRAL if who.startswith("officer") else CARE
        notices = self.stage.get(who, "notify", "/notices", purpose=purpose)["items"]
        about = of or self.first
        mine = [each for each in notices if each["kind"] == kind and each["referral_id"] == about]
        if mine:
            self.stage.report.saw(who, f"notice: {kind}")
        return mine[0] if mine else None

    def intake(self, referral_id: str) -> Any:  # noqa: ANN401 - JSON
        try:
            intake = self.stage.get(MANAGER, "casework", f"/intakes/{referral_id}")
        except RefusedError as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
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

    def candidate(self, referral_id: str, earlier_id: str) -> Any:  # noqa: ANN401 - JSON
        if self.intake(referral_id) is None:
            return None
        path = f"/intakes/{referral_id}/match-candidates"
        found = self.stage.get(MANAGER, "casework", path)["items"]
        return next((each for each in found if each["other_referral_id"] == earlier_id), None)

    def returned(self) -> bool:
        return "participant_redeflected" in self.kinds_of_lines(MANAGER)

    def kinds_of_lines(self, who: str) -> list[str]:
        kinds = [str(line["kind"]) for line in self.timeline(who)]
        for kind in kinds:
            self.stage.report.saw(who, f"timeline: {kind}")
        return kinds

    def kinds_of_notices(self, who: str, referral_id: str) -> list[str]:
        notices = self.stage.get(who, "notify", "/notices", purpose=REFERRAL)["items"]
        return [each["kind"] for each in notices if each["referral_id"] == referral_id]

    def timeline(self, who: str) -> list[dict[str, Any]]:
        path = f"/participants/{self.participant_id}/timeline?limit=100"
        lines: list[dict[str, Any]] = self.stage.get(who, "casework", path)["items"]
        return lines

    def caseload(self, who: str) -> dict[str, str]:
        """Return the enrolled episodes of *who* by the referral each began with."""
        path = "/episodes?mine=true&state=enrolled&limit=100"
        found = self.stage.get(who, "casework", path)["items"]
        return {each["referral_id"]: each["id"] for each in found}

    def released_table(self, who: str, release_id: str) -> Any:  # noqa: ANN401 - JSON
        path = "/feedback-releases"
        found = self.stage.get(who, "notify", path, purpose=FEEDBACK)["items"]
        return next((each for each in found if each["id"] == release_id), None)

    def complete(self) -> list[dict[str, Any]] | None:
        lines = self.timeline(MANAGER)
        released = [each for each in lines if each["kind"] == "handoff_officer_released"]
        return lines if len(released) == 2 else None  # noqa: PLR2004 - one for each referral
