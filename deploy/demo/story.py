"""The story: refer, hand off, enrol, follow up, relapse, return.

Every person, agency and programme in it is made up.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.demo.onlooker import (
    ADMINISTRATOR,
    BIRCH,
    BURCH,
    CONFLICT,
    COORDINATOR,
    LADDER,
    MANAGER,
    MISSING,
    OFFICER,
    ON_DUTY,
    PEER,
    POSSESSION,
    SECOND_OFFICER,
    SHIFTS_LAST,
    Onlooker,
)
from deploy.demo.stage import ADMINISTRATION, REFERRAL, Stage
from deploy.identity.staff import ACCOUNTS, ALDER


class Story:
    """One made-up person, referred twice."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.see = Onlooker(stage)

    def tell(self) -> None:
        """Play every step.

        Raises:
            CliError: which step did not come true, and why.
        """
        self._set_up()
        self._refer()
        self._hand_off()
        self._enrol()
        self._log_contacts()
        self._follow_up()
        self._close()
        self._relapse()
        self._release_second()
        self._read_timeline()
        self._try_casework()
        self._stage.report.events = self._stage.told()

    def _set_up(self) -> None:
        stage = self._stage
        with stage.step(
            "set up", ADMINISTRATOR, "sets up a made-up programme: policy, ladder, duty"
        ):
            set_up: dict[str, dict[str, Any]] = {
                "/programme": {"policy_id": "multnomah", "time_zone": "America/Los_Angeles"},
                "/ladder": {"rungs": LADDER},
            }
            began = stage.now()
            for staff_id, role in ON_DUTY:
                set_up[f"/shifts/{uuid7()}"] = {
                    "staff_id": staff_id,
                    "role_code": role,
                    "starts_at": (began - timedelta(minutes=1)).isoformat(),
                    "ends_at": (began + SHIFTS_LAST).isoformat(),
                }
            for account in ACCOUNTS.values():
                actor = account.actor
                if actor.programme_id == ALDER:
                    set_up[f"/staff/{actor.actor_id}"] = {
                        "role_codes": sorted(actor.roles),
                        "agency_id": actor.agency_id,
                    }
            for path, body in set_up.items():
                stage.put(ADMINISTRATOR, "referral", path, body, purpose=ADMINISTRATION)
            for staff_id in (PEER, MANAGER, OFFICER, SECOND_OFFICER):
                address = {"email": f"{staff_id}@example.org"}
                path = f"/delivery-addresses/{staff_id}"
                stage.put(ADMINISTRATOR, "notify", path, address, purpose=ADMINISTRATION)
            stage.say("The ladder asks peers first, then case managers, then the coordinator.")

    def _refer(self) -> None:
        stage = self._stage
        with stage.step(
            "refer", OFFICER, "refers a person; the signal is bad, so it is sent three times"
        ):
            answers = [self._put_referral(OFFICER, self.see.first, BIRCH) for _ in range(3)]
            stage.require(answers[0] == answers[1] == answers[2], "The answers differed.")
            stage.say(f"One referral, three times the same answer: {self.see.first}")
            eligibility = answers[0]["eligibility"]
            stage.require(eligibility["result"] == "eligible", "The policy did not allow it.")
            policy = f"{eligibility['policy_id']}, version {eligibility['policy_version']}"
            stage.say(f"{eligibility['words']['en']} ({policy})")
            stage.report.saw(OFFICER, f"eligibility: {eligibility['result']}")

    def _put_referral(self, who: str, id_: str, person: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        body = POSSESSION | {"person": person}
        return self._stage.put(who, "referral", f"/referrals/{id_}", body, purpose=REFERRAL)

    def _hand_off(self) -> None:
        stage, path = self._stage, f"/referrals/{self.see.first}"
        with stage.step("hand off", PEER, "is offered the handoff and does not answer"):
            stage.timed("referral to offer", lambda: self.see.notice(PEER, "handoff_offered"))
            words = [self.see.status(OFFICER, self.see.first)]
            stage.wait(timedelta(minutes=5))
            stage.timed("next rung called", lambda: self.see.notice(MANAGER, "handoff_offered"))
            words.append(self.see.status(OFFICER, self.see.first))
            stage.say(f"After five minutes {MANAGER} is called as well.")
            with ThreadPoolExecutor(2) as both:
                tries = list(both.map(self._accept, (PEER, MANAGER)))
            stage.require(sorted(tries) == [False, True], "Not exactly one of two accepted.")
            self.see.accepted_by = (PEER, MANAGER)[tries.index(True)]
            stage.say(f"Both accept at once: {self.see.accepted_by} has it, the other got 409.")
            words.append(self.see.status(OFFICER, self.see.first))
            for each in ("departure", "arrival"):
                stage.put(self.see.accepted_by, "referral", f"{path}/{each}")
                words.append(self.see.status(OFFICER, self.see.first))
            stage.put(self.see.accepted_by, "referral", f"{path}/meeting")
            agreed = {"agreed": True}
            stage.put(self.see.accepted_by, "referral", f"{path}/person-answer", agreed)
            stage.put(OFFICER, "referral", f"{path}/officer-release", purpose=REFERRAL)
            words.append(self.see.status(OFFICER, self.see.first))
            stage.say("The officer read: " + " → ".join(words))

    def _accept(self, who: str) -> bool:
        try:
            self._stage.put(who, "referral", f"/referrals/{self.see.first}/acceptance")
        except RefusedError as refused:
            if refused.status != CONFLICT:
                raise
            return False
        return True

    def _enrol(self) -> None:
        stage = self._stage
        with stage.step("enrol", MANAGER, "opens the intake; who it is was fetched by a call"):
            intake = stage.timed(
                "referral to intake with identity", lambda: self.see.intake(self.see.first)
            )
            self.see.participant_id = str(intake["participant_id"])
            stage.say(f"Received: {intake['identity']['person']['name']}, {intake['pathway']}")
            episode = stage.until(self.see.enrolled, "the enrolment")
            self.see.episode_id = str(episode["id"])
            planned = [each["kind"] for each in self.see.followups()]
            stage.require(len(planned) == 6, f"{planned} are planned instead of six.")  # noqa: PLR2004 - the usual cadence
            stage.say("The person agreed, so they are enrolled; planned: " + ", ".join(planned))

    def _log_contacts(self) -> None:
        stage = self._stage
        with stage.step("log", self.see.accepted_by, "logs an attempt and a contact, seconds each"):
            self._contact(kind="attempted", mode_code="phone_call", outcome_code="no_answer")
            stage.wait(timedelta(hours=2))
            self._contact(
                kind="made",
                mode_code="in_person",
                place_code="street",
                outcome_code="reached",
                minutes=20,
                supplies={"naloxone_kit": 1},
                needs=["housing"],
                note="Made up: would like to sleep somewhere quiet.",
            )
            stage.say("An attempt (no answer), then a contact: naloxone given, housing named.")

    def _contact(self, **stated: Any) -> None:  # noqa: ANN401 - JSON
        body = {
            "episode_id": self.see.episode_id,
            "started_at": self._stage.now().isoformat(),
            **stated,
        }
        path = f"/contacts/{uuid7()}"
        for _ in range(2):  # phones repeat themselves
            self._stage.put(self.see.accepted_by, "casework", path, body)

    def _follow_up(self) -> None:
        stage = self._stage
        with stage.step("follow up", self.see.accepted_by, "is reminded when a follow-up is due"):
            first, second, third = self.see.followups()[:3]
            stage.wait_until(_moment(first["due_at"]))
            stage.timed("follow-up due to notice", self.see.reminded)
            mails = stage.timed(
                "follow-up due to mailbox", lambda: stage.mail_to(self.see.accepted_by)
            )
            stage.say(f"A notice and a mail: {mails[0]['subject']}")
            stage.put(self.see.accepted_by, "casework", f"/followups/{first['id']}/completion", {})
            stage.wait_until(_moment(second["due_at"]))
            stage.until(
                lambda: self.see.states().get(second["kind"]) == "due", "the second falling due"
            )
            stage.wait_until(_moment(second["window_ends_at"]))
            stage.until(
                lambda: self.see.states().get(second["kind"]) == "missed", "the window's end"
            )
            stage.wait_until(_moment(third["due_at"]) + timedelta(days=1))
            stage.until(self.see.overdue, "the third being overdue")
            shown: list[tuple[str, ...]] = [
                (each["kind"], "overdue" if each["overdue"] else each["state"], each["due_at"][:16])
                for each in self.see.followups()
            ]
            stage.show(("follow-up", "stands", "due (UTC)"), shown)
            stage.say("One completed, one missed, one overdue as computed when it is read.")

    def _close(self) -> None:
        stage = self._stage
        with stage.step("close", MANAGER, "closes the episode: what the person wanted is reached"):
            ended = {"reason_code": "goals_met"}
            stage.put(MANAGER, "casework", f"/episodes/{self.see.episode_id}/closure", ended)
            stage.wait(timedelta(days=20))
            stage.say("Twenty days pass.")

    def _relapse(self) -> None:
        stage = self._stage
        what = "meets the person again and refers them, spelled otherwise"
        with stage.step("return", SECOND_OFFICER, what):
            self._put_referral(SECOND_OFFICER, self.see.second, BURCH)
            path = f"/referrals/{self.see.second}"
            stage.put(COORDINATOR, "referral", f"{path}/acceptance")
            candidate = stage.timed("second referral to proposed match", self.see.candidate)
            reasons = ", ".join(candidate["reasons"])
            stage.say(f"Casework proposes who it may be: {reasons}")
            decision = {"decision": "link"}
            link = f"/match-candidates/{candidate['id']}/decision"
            stage.put(MANAGER, "casework", link, decision)
            stage.until(self.see.returned, "the episode going on")
            stage.require(
                self.see.notice(self.see.accepted_by, "somebody_returned", of=self.see.second)
                is None,
                "Who knew the person was told before the officer was released.",
            )
            episode = stage.get(MANAGER, "casework", f"/episodes/{self.see.episode_id}")
            stage.require(
                (episode["state"], episode["sequence"]) == ("outreach", 2),
                f"The episode stands at {episode['state']}, {episode['sequence']}.",
            )
            stage.say("Linked: the earlier episode is reopened, with all that was known.")

    def _release_second(self) -> None:
        stage = self._stage
        with stage.step("release", SECOND_OFFICER, "goes, and learns nothing of the person's past"):
            status = self.see.status(SECOND_OFFICER, self.see.second)
            stage.require(status == "accepted", f"The second officer read {status}.")
            release = f"/referrals/{self.see.second}/officer-release"
            stage.put(SECOND_OFFICER, "referral", release, purpose=REFERRAL)
            stage.timed(
                "officer's release to alert",
                lambda: self.see.notice(
                    self.see.accepted_by, "somebody_returned", of=self.see.second
                ),
            )
            stage.say(f"{self.see.accepted_by}, who knew the person, heard it after the release.")
            status = self.see.status(SECOND_OFFICER, self.see.second)
            stage.say(f"The second officer reads: {status}")

    def _read_timeline(self) -> None:
        stage = self._stage
        with stage.step("timeline", MANAGER, "reads one page, newest first, from both services"):
            lines = stage.until(self.see.complete, "the whole timeline")
            ids = [each["id"] for each in lines]
            stage.require(len(ids) == len(set(ids)), "A line stands there twice.")
            moments = [each["happened_at"] for each in lines]
            stage.require(moments == sorted(moments, reverse=True), "The lines are not in order.")
            for each in lines:
                stage.report.saw(MANAGER, f"timeline: {each['kind']}")
            shown: list[tuple[str, ...]] = [
                (each["happened_at"][:16].replace("T", " "), each["kind"]) for each in lines
            ]
            stage.show(("when (UTC)", "what"), shown)
            stage.say(f"{len(lines)} lines, nothing twice.")

    def _try_casework(self) -> None:
        stage = self._stage
        with stage.step("firewall", SECOND_OFFICER, "tries to read the timeline"):
            path = f"/participants/{self.see.participant_id}/timeline"
            sentence = stage.refused(MISSING, SECOND_OFFICER, "GET", "casework", path)
            stage.say(f"Refused, as if it did not exist: {sentence}")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
