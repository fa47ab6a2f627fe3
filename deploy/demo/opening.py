"""How it begins: a programme is set up, an officer refers, somebody comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.demo.cast import (
    ADMINISTRATOR,
    BIRCH,
    LADDER,
    MANAGER,
    OFFICER,
    ON_DUTY,
    PEER,
    SHIFTS_LAST,
    WITH_MAIL,
)
from deploy.demo.onlooker import Onlooker
from deploy.demo.stage import ADMINISTRATION, REFERRAL, Stage
from deploy.identity.staff import ACCOUNTS, ALDER


def set_up(stage: Stage, _: Onlooker) -> None:
    with stage.step("set up", ADMINISTRATOR, "sets up a made-up programme: policy, ladder, duty"):
        for path, body in _settings(stage).items():
            stage.put(ADMINISTRATOR, "referral", path, body, purpose=ADMINISTRATION)
        for staff_id in WITH_MAIL:
            address = {"email": f"{staff_id}@example.org"}
            path = f"/delivery-addresses/{staff_id}"
            stage.put(ADMINISTRATOR, "notify", path, address, purpose=ADMINISTRATION)
        stage.say("The ladder asks peers first, then case managers, then the coordinator.")


def _settings(stage: Stage) -> dict[str, dict[str, Any]]:
    settings: dict[str, dict[str, Any]] = {
        "/programme": {"policy_id": "multnomah", "time_zone": "America/Los_Angeles"},
        "/ladder": {"rungs": LADDER},
    }
    began = stage.now()
    for staff_id, role in ON_DUTY:
        settings[f"/shifts/{uuid7()}"] = {
            "staff_id": staff_id,
            "role_code": role,
            "starts_at": (began - timedelta(minutes=1)).isoformat(),
            "ends_at": (began + SHIFTS_LAST).isoformat(),
        }
    for account in ACCOUNTS.values():
        actor = account.actor
        if actor.programme_id == ALDER:
            settings[f"/staff/{actor.actor_id}"] = {
                "role_codes": sorted(actor.roles),
                "agency_id": actor.agency_id,
            }
    return settings


def refer(stage: Stage, see: Onlooker) -> None:
    what = "refers a person; the signal is bad, so it is sent three times"
    with stage.step("refer", OFFICER, what):
        answers = [stage.refer(OFFICER, see.first, BIRCH) for _ in range(3)]
        stage.require(answers[0] == answers[1] == answers[2], "The answers differed.")
        stage.say(f"One referral, three times the same answer: {see.first}")
        eligibility = answers[0]["eligibility"]
        stage.require(eligibility["result"] == "eligible", "The policy did not allow it.")
        policy = f"{eligibility['policy_id']}, version {eligibility['policy_version']}"
        stage.say(f"{eligibility['words']['en']} ({policy})")
        stage.report.saw(OFFICER, f"eligibility: {eligibility['result']}")


def hand_off(stage: Stage, see: Onlooker) -> None:
    path = f"/referrals/{see.first}"
    with stage.step("hand off", PEER, "is offered the handoff and does not answer"):
        stage.timed("referral to offer", lambda: see.notice(PEER, "handoff_offered"))
        words = [see.status(OFFICER, see.first)]
        stage.wait(timedelta(minutes=5))
        stage.timed("next rung called", lambda: see.notice(MANAGER, "handoff_offered"))
        words.append(see.status(OFFICER, see.first))
        stage.say(f"After five minutes {MANAGER} is called as well.")
        with ThreadPoolExecutor(2) as both:
            tries = list(both.map(partial(_accept, stage, see.first), (PEER, MANAGER)))
        stage.require(sorted(tries) == [False, True], "Not exactly one of two accepted.")
        see.accepted_by = (PEER, MANAGER)[tries.index(True)]
        stage.say(f"Both accept at once: {see.accepted_by} has it, the other got 409.")
        words.append(see.status(OFFICER, see.first))
        coming = see.who_comes(OFFICER, see.first)
        stage.say(f"The officer is told who comes by role, and no name: {coming}")
        for each in ("departure", "arrival"):
            stage.put(see.accepted_by, "referral", f"{path}/{each}")
            words.append(see.status(OFFICER, see.first))
        stage.put(see.accepted_by, "referral", f"{path}/meeting")
        stage.put(see.accepted_by, "referral", f"{path}/person-answer", {"agreed": True})
        stage.put(OFFICER, "referral", f"{path}/officer-release", purpose=REFERRAL)
        words.append(see.status(OFFICER, see.first))
        stage.require(see.who_comes(OFFICER, see.first) is None, "The role was still shown.")
        stage.say("The officer read: " + " → ".join(words))


def _accept(stage: Stage, referral_id: str, who: str) -> bool:
    try:
        stage.put(who, "referral", f"/referrals/{referral_id}/acceptance")
    except RefusedError as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise
        return False
    return True
