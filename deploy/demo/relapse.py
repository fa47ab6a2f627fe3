"""Relapse is part of recovery: the person returns, and what is known is found by who may."""

from datetime import timedelta
from functools import partial
from http import HTTPStatus

from uuid_utils.compat import uuid7

from deploy.client.casework.bodies import ContactBody, DecisionBody
from deploy.demo.cast import BURCH, COORDINATOR, GOAL, MANAGER, PEER, SECOND_OFFICER
from deploy.demo.onlooker import Onlooker
from deploy.demo.stage import Stage

RECEIPT_AFTER = timedelta(hours=2)


def come_back(stage: Stage, see: Onlooker) -> None:
    what = "meets the person again and refers them, spelled otherwise"
    with stage.step("return", SECOND_OFFICER, what):
        told = stage.refer(SECOND_OFFICER, see.second, BURCH).eligibility
        stage.require(told.result == "eligible", "A known person was answered otherwise.")
        stage.say(f"They are told what anybody would be told: {told.words.en}")
        stage.referral(COORDINATOR).put_acceptance(see.second)
        candidate = stage.timed(
            "second referral to proposed match", lambda: see.candidate(see.second, see.first)
        )
        stage.say(f"Casework proposes who it may be: {', '.join(candidate.reasons)}")
        casework = stage.casework(COORDINATOR)
        casework.put_decision(candidate.id, DecisionBody(decision="link"))
        stage.until(see.returned, "the episode going on")
        stage.require(
            see.notice(see.accepted_by, "somebody_returned", of=see.second) is None,
            "Who knew the person was told before the officer was released.",
        )
        episode = casework.get_episode(see.episode_id)
        stage.require(
            (episode.state, episode.sequence) == ("outreach", 2),
            f"The episode stands at {episode.state}, {episode.sequence}.",
        )
        kept = casework.get_goals(see.episode_id).items
        stage.require([each.words for each in kept] == [GOAL], "The goals were not kept.")
        stage.say("Linked: the earlier episode is reopened, with its goals and all that was known.")


def judge_history(stage: Stage, see: Onlooker) -> None:
    """The county's rule on coming again is the coordinator's to weigh, and no officer's to hear."""
    with stage.step("history", COORDINATOR, "reads whether the county's rule on return is met"):
        judged = stage.casework(COORDINATOR).get_eligibility_history(see.second)
        end, rule = stage.one(judged.ends, "end of an episode"), judged.rule
        stage.require(judged.result == "not_met", f"It is judged {judged.result}.")
        stage.report.saw(COORDINATOR, f"history: {judged.result}")
        limit = (
            f"{rule.days} days ({rule.policy_id}, version {rule.policy_version})" if rule else ""
        )
        stage.say(
            f"Not met: ended as {end.reason_code} on {end.at:%Y-%m-%d}, within {limit}."
            " A person decides; no officer is told."
        )


def release(stage: Stage, see: Onlooker) -> None:
    with stage.step("release", SECOND_OFFICER, "goes, and learns nothing of the person's past"):
        status = see.status(SECOND_OFFICER, see.second)
        stage.require(status == "accepted", f"The second officer read {status}.")
        stage.referral(SECOND_OFFICER).put_officer_release(see.second)
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
    with (
        stage.step("timeline", MANAGER, "reads one page, newest first, from both services"),
        stage.lines(MANAGER, see.participant_id) as lines,
    ):
        attempt = ContactBody(
            episode_id=see.episode_id,
            started_at=stage.now(),
            kind="attempted",
            mode_code="text_message",
            outcome_code="message_left",
        )
        stage.casework(see.accepted_by).put_contact(uuid7(), attempt)
        stage.timed(
            "new entry to open timeline",
            lambda: next((line for line in lines if "contact_attempted" in line), None),
        )
        stage.say("What is logged meanwhile appears on the open page by itself.")
        found = stage.until(see.complete, "the whole timeline")
        ids = [each.id for each in found]
        stage.require(len(ids) == len(set(ids)), "A line stands there twice.")
        moments = [each.happened_at for each in found]
        stage.require(moments == sorted(moments, reverse=True), "The lines are not in order.")
        shown: list[tuple[str, ...]] = [
            (f"{each.happened_at:%Y-%m-%d %H:%M}", each.label.en) for each in found
        ]
        stage.show(("when (UTC)", "what"), shown)
        stage.say(f"{len(found)} lines, nothing twice.")
        see.kinds_of_lines(MANAGER)
        peers = set(see.kinds_of_lines(PEER))
        spared = {each.label.en for each in found if each.kind not in peers}
        stage.require(spared, "The peer reads every line.")
        stage.say(f"{PEER} reads the same page without: {', '.join(sorted(spared))}")


def try_casework(stage: Stage, see: Onlooker) -> None:
    with stage.step("firewall", SECOND_OFFICER, "tries to read the timeline"):
        timeline = partial(stage.casework(SECOND_OFFICER).get_timeline, see.participant_id)
        sentence = stage.refused(HTTPStatus.NOT_FOUND, SECOND_OFFICER, timeline)
        stage.say(f"Refused, as if it did not exist: {sentence}")
