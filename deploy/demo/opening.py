"""How it begins: a programme is set up, an officer refers, somebody comes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.cli.api import RefusedError
from deploy.client.notify.bodies import AddressBody
from deploy.client.referral.bodies import PersonAnswerBody, ProgrammeBody, ShiftBody, StaffBody
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
from deploy.demo.stage import Stage
from deploy.identity.staff import ACCOUNTS, ALDER


def set_up(stage: Stage, _: Onlooker) -> None:
    with stage.step("set up", ADMINISTRATOR, "sets up a made-up programme: policy, ladder, duty"):
        referral, notify = stage.referral(ADMINISTRATOR), stage.notify(ADMINISTRATOR)
        referral.put_programme(
            ProgrammeBody(policy_id="multnomah", time_zone="America/Los_Angeles")
        )
        referral.put_ladder(LADDER)
        for shift in _shifts(stage):
            referral.put_shift(uuid7(), shift)
        for actor in (account.actor for account in ACCOUNTS.values()):
            if actor.programme_id == ALDER:
                works = StaffBody(role_codes=sorted(actor.roles), agency_id=actor.agency_id)
                referral.put_staff(actor.actor_id, works)
        for staff_id in WITH_MAIL:
            address = AddressBody(email=f"{staff_id}@example.org")
            notify.put_address(staff_id, address, purpose="administration")
        stage.say("The ladder asks peers first, then case managers, then the coordinator.")


def _shifts(stage: Stage) -> Iterator[ShiftBody]:
    began = stage.now()
    for staff_id, role in ON_DUTY:
        yield ShiftBody(
            staff_id=staff_id,
            role_code=role,
            starts_at=began - timedelta(minutes=1),
            ends_at=began + SHIFTS_LAST,
        )


def refer(stage: Stage, see: Onlooker) -> None:
    what = "refers a person; the signal is bad, so it is sent three times"
    with stage.step("refer", OFFICER, what):
        answers = [stage.refer(OFFICER, see.first, BIRCH) for _ in range(3)]
        stage.require(answers[0] == answers[1] == answers[2], "The answers differed.")
        stage.say(f"One referral, three times the same answer: {see.first}")
        eligibility = answers[0].eligibility
        stage.require(eligibility.result == "eligible", "The policy did not allow it.")
        policy = f"{eligibility.policy_id}, version {eligibility.policy_version}"
        stage.say(f"{eligibility.words.en} ({policy})")
        stage.report.saw(OFFICER, f"eligibility: {eligibility.result}")


def hand_off(stage: Stage, see: Onlooker) -> None:
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
        coming_there = stage.referral(see.accepted_by)
        for step in (coming_there.put_departure, coming_there.put_arrival):
            step(see.first)
            words.append(see.status(OFFICER, see.first))
        coming_there.put_meeting(see.first)
        coming_there.put_person_answer(see.first, PersonAnswerBody(agreed=True))
        stage.referral(OFFICER).put_officer_release(see.first)
        words.append(see.status(OFFICER, see.first))
        stage.require(see.who_comes(OFFICER, see.first) is None, "The role was still shown.")
        stage.say("The officer read: " + " → ".join(words))


def _accept(stage: Stage, referral_id: UUID, who: str) -> bool:
    try:
        stage.referral(who).put_acceptance(referral_id)
    except RefusedError as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise
        return False
    return True
