"""Relapse is part of recovery: the person returns, and what is known is found by who may."""

from datetime import timedelta
from http import HTTPStatus

from uuid_utils.compat import uuid7

from deploy.demo.cast import BURCH, COORDINATOR, GOAL, MANAGER, PEER, SECOND_OFFICER
from deploy.demo.onlooker import Onlooker
from deploy.demo.stage import REFERRAL, Stage

RECEIPT_AFTER = timedelta(hours=2)


def come_back(stage: Stage, see: Onlooker) -> None:
    what = "meets the person again and refers them, spelled otherwise"
    with stage.step("return", SECOND_OFFICER, what):
        told = stage.refer(SECOND_OFFICER, see.second, BURCH)["eligibility"]
        stage.require(told["result"] == "eligible", "A known person was answered otherwise.")
        stage.say(f"They are told what anybody would be told: {told['words']['en']}")
        stage.put(COORDINATOR, "referral", f"/referrals/{see.second}/acceptance")
        candidate = stage.timed(
            "second referral to proposed match", lambda: see.candidate(see.second, see.first)
        )
        reasons = ", ".join(candidate["reasons"])
        stage.say(f"Casework proposes who it may be: {reasons}")
        link = f"/match-candidates/{candidate['id']}/decision"
        stage.put(MANAGER, "casework", link, {"decision": "link"})
        stage.until(see.returned, "the episode going on")
        stage.require(
            see.notice(see.accepted_by, "somebody_returned", of=see.second) is None,
            "Who knew the person was told before the officer was released.",
        )
        episode = stage.get(MANAGER, "casework", f"/episodes/{see.episode_id}")
        stage.require(
            (episode["state"], episode["sequence"]) == ("outreach", 2),
            f"The episode stands at {episode['state']}, {episode['sequence']}.",
        )
        kept = stage.get(MANAGER, "casework", f"/episodes/{see.episode_id}/goals")["items"]
        stage.require([each["words"] for each in kept] == [GOAL], "The goals were not kept.")
        stage.say("Linked: the earlier episode is reopened, with its goals and all that was known.")


def judge_history(stage: Stage, see: Onlooker) -> None:
    """The county's rule on coming again is the coordinator's to weigh, and no officer's to hear."""
    with stage.step("history", COORDINATOR, "reads whether the county's rule on return is met"):
        path = f"/intakes/{see.second}/eligibility-history"
        judged = stage.get(COORDINATOR, "casework", path)
        end = stage.one(judged["ends"], "end of an episode")
        rule = judged["rule"]
        stage.require(judged["result"] == "not_met", f"It is judged {judged['result']}.")
        stage.report.saw(COORDINATOR, f"history: {judged['result']}")
        stage.say(
            f"Not met: ended as {end['reason_code']} on {end['at'][:10]}, within"
            f" {rule['days']} days ({rule['policy_id']}, version {rule['policy_version']})."
            " A person decides; no officer is told."
        )


def release(stage: Stage, see: Onlooker) -> None:
    with stage.step("release", SECOND_OFFICER, "goes, and learns nothing of the person's past"):
        status = see.status(SECOND_OFFICER, see.second)
        stage.require(status == "accepted", f"The second officer read {status}.")
        path = f"/referrals/{see.second}/officer-release"
        stage.put(SECOND_OFFICER, "referral", path, purpose=REFERRAL)
        stage.timed(
            "officer's release to alert",
            lambda: see.notice(see.accepted_by, "somebody_returned", of=see.second),
        )
        stage.say(f"{see.accepted_by}, who knew the person, heard it after the release.")
        status = see.status(SECOND_OFFICER, see.second)
        stage.say(f"The second officer reads: {status}")
        stage.wait(RECEIPT_AFTER)
        stage.until(
            lambda: see.notice(SECOND_OFFICER, "received_by_the_programme", of=see.second),
            "the second officer's receipt",
        )
        heard = see.kinds_of_notices(SECOND_OFFICER, see.second)
        stage.require(heard == ["received_by_the_programme"], f"They were told {heard}.")
        stage.say("Two hours later they are told that it was received, and nothing else.")


def read_timeline(stage: Stage, see: Onlooker) -> None:
    stream = f"/participants/{see.participant_id}/timeline/stream"
    with (
        stage.step("timeline", MANAGER, "reads one page, newest first, from both services"),
        stage.lines(MANAGER, "casework", stream) as lines,
    ):
        attempt = {
            "episode_id": see.episode_id,
            "started_at": stage.now().isoformat(),
            "kind": "attempted",
            "mode_code": "text_message",
            "outcome_code": "message_left",
        }
        stage.put(see.accepted_by, "casework", f"/contacts/{uuid7()}", attempt)
        stage.timed(
            "new entry to open timeline",
            lambda: next((line for line in lines if "contact_attempted" in line), None),
        )
        stage.say("What is logged meanwhile appears on the open page by itself.")
        found = stage.until(see.complete, "the whole timeline")
        ids = [each["id"] for each in found]
        stage.require(len(ids) == len(set(ids)), "A line stands there twice.")
        moments = [each["happened_at"] for each in found]
        stage.require(moments == sorted(moments, reverse=True), "The lines are not in order.")
        shown: list[tuple[str, ...]] = [
            (each["happened_at"][:16].replace("T", " "), each["label"]["en"]) for each in found
        ]
        stage.show(("when (UTC)", "what"), shown)
        stage.say(f"{len(found)} lines, nothing twice.")
        see.kinds_of_lines(MANAGER)
        peers = set(see.kinds_of_lines(PEER))
        spared = {each["label"]["en"] for each in found if each["kind"] not in peers}
        stage.require(spared, "The peer reads every line.")
        stage.say(f"{PEER} reads the same page without: {', '.join(sorted(spared))}")


def try_casework(stage: Stage, see: Onlooker) -> None:
    with stage.step("firewall", SECOND_OFFICER, "tries to read the timeline"):
        path = f"/participants/{see.participant_id}/timeline"
        sentence = stage.refused(HTTPStatus.NOT_FOUND, SECOND_OFFICER, "GET", "casework", path)
        stage.say(f"Refused, as if it did not exist: {sentence}")
