"""The work with one person: enrolled, visited, followed up, and what the officer may hear of it."""

from datetime import timedelta
from functools import partial
from http import HTTPStatus

from uuid_utils.compat import uuid7

from deploy.client.casework.bodies import (
    BreakGlassBody,
    ClosureBody,
    CompletionBody,
    ConsentBody,
    ContactBody,
    GoalBody,
    OfficerNoticeBody,
    ReviewBody,
    TeamMemberBody,
)
from deploy.demo.cast import (
    COORDINATOR,
    GOAL,
    MANAGER,
    OFFICER,
    OTHER_PEER,
    PEER,
    PRIVACY_OFFICER,
)
from deploy.demo.onlooker import Onlooker
from deploy.demo.stage import Stage

CONSENT_LASTS = timedelta(days=365)
FOLLOWUPS_PLANNED = 6
SOMETHING_NEW = "There is something new in your work."  # a mail says no more than that


def enrol(stage: Stage, see: Onlooker) -> None:
    with stage.step("enrol", COORDINATOR, "opens the intake; who it is was fetched by a call"):
        intake = stage.timed("referral to intake with identity", lambda: see.intake(see.first))
        see.participant_id = intake.participant_id
        identity = intake.identity or {}
        stage.say(f"Received: {identity['person']['name']}, {intake.pathway}")
        see.episode_id = stage.until(see.enrolled, "the enrolment").id
        for staff_id, role in ((PEER, "peer"), (MANAGER, "case_manager")):
            member = TeamMemberBody(role_code=role)
            stage.casework(COORDINATOR).put_team_member(see.episode_id, staff_id, member)
        stage.say(f"Their record is for {PEER} and {MANAGER} now, and for their supervisor.")
        planned = [each.kind for each in see.followups()]
        stage.require(len(planned) == FOLLOWUPS_PLANNED, f"{planned} are planned instead of six.")
        stage.say("The person agreed, so they are enrolled; planned: " + ", ".join(planned))
        goal = GoalBody(episode_id=see.episode_id, words=GOAL)
        stage.casework(see.accepted_by).put_goal(uuid7(), goal)
        stage.say(f"A goal in their own words: {GOAL}")


def log_contacts(stage: Stage, see: Onlooker) -> None:
    with stage.step("log", see.accepted_by, "logs an attempt and a contact, seconds each"):
        for said in (_attempt, _naloxone_given):
            contact_id, contact = uuid7(), said(stage, see)
            for _ in range(2):  # phones repeat themselves
                stage.casework(see.accepted_by).put_contact(contact_id, contact)
            stage.wait(timedelta(hours=2))
        stage.say("An attempt (no answer), then a contact: naloxone given, housing named.")


def _attempt(stage: Stage, see: Onlooker) -> ContactBody:
    return ContactBody(
        episode_id=see.episode_id,
        started_at=stage.now(),
        kind="attempted",
        mode_code="phone_call",
        outcome_code="no_answer",
    )


def _naloxone_given(stage: Stage, see: Onlooker) -> ContactBody:
    return ContactBody(
        episode_id=see.episode_id,
        started_at=stage.now(),
        kind="made",
        mode_code="in_person",
        place_code="street",
        outcome_code="reached",
        minutes=20,
        supplies={"naloxone_kit": 1},
        needs=["housing"],
        note="Made up: would like to sleep somewhere quiet.",
    )


def open_in_an_emergency(stage: Stage, see: Onlooker) -> None:
    with stage.step("emergency", OTHER_PEER, "is not on the care team, and meets the person"):
        theirs = stage.casework(OTHER_PEER)
        read = partial(theirs.get_participant, see.participant_id)
        stage.refused(HTTPStatus.NOT_FOUND, OTHER_PEER, read)
        why = BreakGlassBody(reason="Made up: unconscious, the medics ask what they take")
        opened = theirs.put_break_glass(see.participant_id, uuid7(), why)
        stage.require(read().id == see.participant_id, "The record was not opened.")
        lasts = opened.expires_at - opened.opened_at
        stage.say(f"404, then break-glass with a reason: {lasts.seconds // 60} minutes, to read.")
        stage.timed(
            "emergency to privacy officer's notice",
            lambda: see.notice(PRIVACY_OFFICER, "break_glass_opened"),
        )
        judged = stage.casework(PRIVACY_OFFICER).put_review(
            opened.id, ReviewBody(review="justified")
        )
        stage.say(f"{judged.reviewed_by} is told, reads why, and judges it: {judged.review}.")


def follow_up(stage: Stage, see: Onlooker) -> None:
    with stage.step("follow up", see.accepted_by, "is reminded when a follow-up is due"):
        first, second, third = see.followups()[:3]
        earlier = stage.mail_ids(see.accepted_by)
        stage.wait_until(first.due_at)
        stage.timed("follow-up due to notice", see.reminded)
        mail = stage.timed(
            "follow-up due to mailbox",
            lambda: stage.new_mail(see.accepted_by, SOMETHING_NEW, since=earlier),
        )
        stage.say(f"A notice and a mail: {mail['subject']}")
        stage.say(f"It lies here: {stage.link_to_mail(mail)}")
        casework = stage.casework(see.accepted_by)
        casework.put_completion(first.id, CompletionBody())
        need = stage.one(casework.get_needs(see.episode_id).items, "need")
        casework.put_connection(need.id)
        stage.say(f"Then they are connected with somebody for: {need.need_code}")
        stage.wait_until(second.due_at)
        stage.until(lambda: see.states().get(second.kind) == "due", "the second falling due")
        stage.wait_until(second.window_ends_at)
        stage.until(lambda: see.states().get(second.kind) == "missed", "the window's end")
        stage.wait_until(third.due_at + timedelta(days=1))
        stage.until(see.overdue, "the third being overdue")
        shown: list[tuple[str, ...]] = [
            (each.kind, "overdue" if each.overdue else each.state, f"{each.due_at:%Y-%m-%d %H:%M}")
            for each in see.followups()
        ]
        stage.show(("follow-up", "stands", "due (UTC)"), shown)
        stage.say("One completed, one missed, one overdue as computed when it is read.")


def tell_officer(stage: Stage, see: Onlooker) -> None:
    """The person signs a consent and says yes to one notice: nothing else about them leaves."""
    with stage.step("tell the officer", see.accepted_by, "asks whether the officer may hear of it"):
        stage.until(
            lambda: see.notice(OFFICER, "received_by_the_programme"), "the officer's receipt"
        )
        consent = ConsentBody(
            referral_id=see.first,
            kind="officer_notice",
            recipient_kind="referrer",
            recipient_id=OFFICER,
            purpose_code="tell_referrer",
            content_codes=["connected", "thank_you"],
            expires_at=stage.now() + CONSENT_LASTS,
            language_code="en",
            text_version=1,
            signed_by_code="participant",
        )
        casework = stage.casework(see.accepted_by)
        casework.put_consent(uuid7(), consent)
        agreed = OfficerNoticeBody(referral_id=see.first, kind="connected")
        casework.put_officer_notice(uuid7(), agreed)
        notice = stage.timed(
            "the person's yes to the officer's notice", lambda: see.notice(OFFICER, "connected")
        )
        stage.say(f"Signed, and yes to this one notice. {OFFICER} reads: {notice.text}")
        if notice.statement:
            stage.say(f"With it goes: {notice.statement.en}")
        accounting = stage.casework(PRIVACY_OFFICER)
        accounted = stage.until(
            lambda: [
                each
                for each in accounting.get_disclosures(see.participant_id, purpose="privacy").items
                if each.state == "handed_over"
            ],
            "the line in the accounting of disclosures",
        )
        stage.require(len(accounted) == 1, "More was disclosed than the person agreed to.")
        stage.report.saw(PRIVACY_OFFICER, f"disclosure: {accounted[0].content_code}")
        stage.say(f"{PRIVACY_OFFICER} finds it accounted for: handed over, by this consent.")


def close(stage: Stage, see: Onlooker) -> None:
    with stage.step("close", MANAGER, "closes the episode: the person is not found any more"):
        ended = ClosureBody(reason_code="unreachable")
        stage.casework(MANAGER).put_closure(see.episode_id, ended)
        stage.wait(timedelta(days=20))
        stage.say("Twenty days pass.")
