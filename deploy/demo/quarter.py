"""A quarter of a simulated programme, week by week, and the table that its agency is given."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from deploy.client.casework.bodies import (
    ClosureBody,
    ContactBody,
    DecisionBody,
    ReleaseBody,
    ReleaseView,
)
from deploy.client.referral.bodies import Person, PersonAnswerBody
from deploy.demo.cast import AGENCY, COORDINATOR, OFFICER, PEER, SUPERVISOR
from deploy.demo.onlooker import NOBODY, Onlooker
from deploy.demo.simulation import WEEKS, Simulated, people
from deploy.demo.stage import Stage

SEED = 7
AT_ONCE = 4
FIGURES = "Figures of your agency's referrals have been published."
CONNECTED_AFTER_WEEKS, RETURNS_AFTER_WEEKS = 2, 3
IN_TOUCH_AFTER_WEEKS, COMPLETES_AFTER_WEEKS = 5, 6
MORNING = timedelta(hours=17)  # of UTC: within everybody's safe hours in Oregon
# What is entered late still counts: a team closes its books some weeks after the quarter.
BOOKS_CLOSE_AFTER = timedelta(weeks=COMPLETES_AFTER_WEEKS)


@dataclass(slots=True)
class Played:
    """A simulated person as the services know them."""

    who: Simulated
    referral_id: UUID = field(default_factory=uuid7)
    episode_id: UUID = NOBODY
    visited: bool = False


def play(stage: Stage, see: Onlooker) -> None:
    see.quarter_begins = _next_quarter(stage.now())
    everybody = [Played(each) for each in people(SEED)]
    what = f"and colleagues refer {len(everybody)} people in a quarter (simulated, seed {SEED})"
    with stage.step("quarter", OFFICER, what):
        for week in range(WEEKS + COMPLETES_AFTER_WEEKS):
            stage.wait_until(see.quarter_begins + timedelta(weeks=week) + MORNING)
            _Week(stage, see, everybody, week).pass_()
        stage.say(f"{WEEKS} weeks of referrals pass, and what follows from them.")


def give_feedback(stage: Stage, see: Onlooker) -> None:
    with stage.step("feedback", COORDINATOR, f"releases what {AGENCY} is told of the quarter"):
        stage.wait_until(_next_quarter(see.quarter_begins) + BOOKS_CLOSE_AFTER)
        earlier = stage.mail_ids(SUPERVISOR)
        begins = see.quarter_begins.date()
        whose = ReleaseBody(agency_id=AGENCY, period_from=begins)
        release = stage.casework(COORDINATOR).put_release(uuid7(), whose)
        stage.report.feedback = [row.model_dump(mode="json") for row in release.rows]
        stage.show((f"from {begins}", "people", "share"), _table(release))
        hidden = sum(not row.shown for row in release.rows)
        stage.require(hidden, "Nothing is hidden.")
        stage.say(
            f"{hidden} of {len(release.rows)} lines are gaps: fewer than"
            f" {release.threshold} people, or a number that would give such a number away."
        )
        digest = stage.timed(
            "release to digest in mailbox",
            lambda: stage.new_mail(SUPERVISOR, FIGURES, since=earlier),
        )
        stage.say(f"{SUPERVISOR} has it by mail: {stage.link_to_mail(digest)}")
        seen = stage.until(
            lambda: see.released_table(OFFICER, release.id), "the table at the officer's"
        )
        for row in seen.rows:
            told = row.people if row.shown else "hidden"
            stage.report.saw(OFFICER, f"feedback: {row.measure} {told}")


def _table(release: ReleaseView) -> list[tuple[str, ...]]:
    return [
        (
            row.label.en,
            str(row.people) if row.shown else "░░░ hidden",
            f"{row.percent:g} %" if row.percent is not None else "",
        )
        for row in release.rows
    ]


@dataclass(frozen=True, slots=True)
class _Week:
    """What happens in one week of the quarter."""

    stage: Stage
    see: Onlooker
    everybody: list[Played]
    number: int

    def pass_(self) -> None:
        new = self._since(0)
        _each(self._refer, new)
        agreed = [each for each in new if "agreed" in each.who.reaches]
        self._find_episodes(agreed)
        _each(self._visit, agreed)
        _each(self._connect, self._since(CONNECTED_AFTER_WEEKS, "connected"))
        _each(self._return, self._since(RETURNS_AFTER_WEEKS, "returns"))
        _each(self._visit, self._since(IN_TOUCH_AFTER_WEEKS, "still_in_touch"))
        _each(self._complete, self._since(COMPLETES_AFTER_WEEKS, "completed"))

    def _since(self, weeks: int, stage: str | None = None) -> list[Played]:
        """Return those referred *weeks* ago, of them who reach *stage*."""
        return [
            each
            for each in self.everybody
            if each.who.week + weeks == self.number and (not stage or stage in each.who.reaches)
        ]

    def _refer(self, one: Played) -> None:
        reaches, peer = one.who.reaches, self.stage.referral(PEER)
        self.stage.refer(OFFICER, one.referral_id, _person(one.who))
        if "accepted" in reaches:
            peer.put_acceptance(one.referral_id)
        if "met" in reaches:
            peer.put_meeting(one.referral_id)
            answer = PersonAnswerBody(agreed="agreed" in reaches)
            peer.put_person_answer(one.referral_id, answer)

    def _find_episodes(self, agreed: list[Played]) -> None:
        wanted = {each.referral_id for each in agreed}

        def enrolled() -> dict[UUID, UUID] | None:
            found = self.see.caseload(PEER)
            return found if wanted <= found.keys() else None

        if wanted:
            found = self.stage.until(enrolled, "the enrolment of everybody who agreed")
            for each in agreed:
                each.episode_id = found[each.referral_id]

    def _visit(self, one: Played) -> None:
        contact = ContactBody(
            episode_id=one.episode_id,
            kind="made",
            mode_code="in_person",
            outcome_code="reached",
            started_at=self.stage.now(),
            needs=[] if one.visited else ["housing"],
        )
        one.visited = True
        self.stage.casework(PEER).put_contact(uuid7(), contact)

    def _connect(self, one: Played) -> None:
        casework = self.stage.casework(PEER)
        need = self.stage.one(casework.get_needs(one.episode_id).items, "need")
        casework.put_connection(need.id)

    def _return(self, one: Played) -> None:
        """Referred once more, and linked: still one person in every count."""
        again = uuid7()
        self.stage.refer(OFFICER, again, _person(one.who))
        candidate = self.stage.until(
            lambda: self.see.candidate(again, one.referral_id), "the proposal of a match"
        )
        link = DecisionBody(decision="link")
        self.stage.casework(COORDINATOR).put_decision(candidate.id, link)

    def _complete(self, one: Played) -> None:
        ended = ClosureBody(reason_code="completed")
        self.stage.casework(COORDINATOR).put_closure(one.episode_id, ended)


def _each(act: Callable[[Played], None], whom: Iterable[Played]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as people_at_once:
        list(people_at_once.map(act, whom))


def _person(who: Simulated) -> Person:
    return Person(name=who.name, date_of_birth=who.date_of_birth)


def _next_quarter(moment: datetime) -> datetime:
    """Return the beginning of the first calendar quarter after *moment*."""
    years, month = divmod((moment.month - 1) // 3 * 3 + 3, 12)
    return datetime(moment.year + years, month + 1, 1, tzinfo=UTC)
