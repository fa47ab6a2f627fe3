"""Work with one person: contacts, needs, goals, follow-ups, custody, moving away, the end of it."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from deploy.simulate.agenda import Agenda
from deploy.simulate.consent_books import ConsentBook
from deploy.simulate.dice import Dice
from deploy.simulate.episode_books import EpisodeBook, Row
from services.casework.domain.consents import NoticeKind
from services.casework.domain.contacts import ContactKind
from services.casework.domain.episodes import EpisodeState
from services.casework.domain.goals import GoalState

# How it goes, as shares; guesses that make believable tables, not findings.
REACHED = 0.66
ENTERED_LATE = 0.12
CONSENTS = 0.45
REVOKES = 0.08
JAILED = 0.12
RELEASED_SOON = 0.8
MOVES = 0.07
COMPLETES = 0.35
CONNECTED = 0.6
HAS_GOAL = 0.7
GOAL_REACHED = 0.5
TRIES_BEFORE_GIVING_UP = 5
TRIES_AFTER_NO = 2
OFTEN, SELDOM = (4, 10), (10, 24)  # days from one contact to the next
OFTEN_FOR_WEEKS = 6

NEEDS = ("housing", "moud", "treatment", "identification", "benefits", "transport", "phone", "food")
NOT_CONNECTED = ("waiting_list", "no_capacity", "missing_documents", "no_transport")
GOALS = (
    "A made-up goal: a place of my own",
    "A made-up goal: see my sister in spring",
    "A made-up goal: get the card back",
    "A made-up goal: sleep through the night",
)
MODES = ("in_person", "in_person", "phone_call", "text_message")
FAILED = ("no_answer", "not_found", "message_left", "wrong_number")
LANGUAGES = {"en": 84, "es": 14, "ru": 2}
CONSENT_HOLDS = timedelta(days=365)


class Care:
    """One episode on the agenda, and the worker who mostly does it."""

    def __init__(self, agenda: Agenda, dice: Dice, episode: EpisodeBook, *, worker: str) -> None:
        self.episode = episode
        self.worker = worker
        self._agenda = agenda
        self._dice = dice
        self._failed = 0
        self._next_contact: datetime | None = None
        self._enrolled_at: datetime | None = None
        self._consent: ConsentBook | None = None
        [self._language] = dice.choices(list(LANGUAGES), list(LANGUAGES.values()))

    def begin(self, at: datetime) -> None:
        """The person has agreed: enrol them, and plan their months."""
        dice, plan = self._dice, self._agenda.at
        self._enrol(at)
        self.episode.confirm_safe_contact(at, self._language, by=self.worker)
        self._plan_contact(at + dice.days(0.5, 3))
        if dice.happens(CONSENTS):
            plan(at + dice.days(1, 20), self._give_consent)
        if dice.happens(JAILED):
            plan(at + dice.days(10, 150), self._jailed)
        if dice.happens(MOVES):
            plan(at + dice.days(30, 200), partial(self._end, "moved"))
        if dice.happens(COMPLETES):
            plan(at + dice.days(120, 330), self._complete)

    def begin_again(self, at: datetime) -> None:
        """The person is back and has agreed again: the goals and the consent are still theirs."""
        self._failed = 0
        if self.episode.state in {EpisodeState.OUTREACH, EpisodeState.PAUSED}:
            self._enrol(at)
            self._plan_contact(at + self._dice.days(0.5, 3))

    def stay_in_touch(self, at: datetime) -> None:
        """The person said no today: try again, and close kindly."""
        self._agenda.at(at + self._dice.days(2, 10), partial(self._try_again, 1))

    def close_books(self) -> None:
        self.episode.close_book()
        if self._consent is not None:
            self._consent.close_book()

    def _enrol(self, at: datetime) -> None:
        self._enrolled_at = at
        for planned in self.episode.enrol(at):
            self._agenda.at(planned["due_at"], partial(self._due, planned))

    def _due(self, planned: Row, at: datetime) -> None:
        if self.episode.due(at, planned):
            self._agenda.at(planned["window_ends_at"], partial(self._window_ends, planned))

    def _window_ends(self, planned: Row, at: datetime) -> None:
        self.episode.miss(at, planned)

    def _plan_contact(self, at: datetime) -> None:
        """Be in touch at *at*, and no more at the time that was planned before."""
        self._next_contact = at
        self._agenda.at(at, self._contact)

    def _contact(self, at: datetime) -> None:
        """Be in touch, or try to; and plan the next time."""
        if at != self._next_contact or self.episode.state is not EpisodeState.ENROLLED:
            return
        reached = self._dice.happens(REACHED)
        contact_id = self._log(at, reached=reached)
        if reached:
            self._failed = 0
            self.episode.complete_followup(at, contact_id, by=self.worker)
            self._talk(at, contact_id)
        else:
            self._failed += 1
            if self._failed >= TRIES_BEFORE_GIVING_UP:
                self._end("unreachable", at)
                return
        weeks = (at - (self._enrolled_at or at)).days // 7
        self._plan_contact(at + self._dice.days(*(OFTEN if weeks < OFTEN_FOR_WEEKS else SELDOM)))

    def _log(self, at: datetime, *, reached: bool) -> UUID:
        dice = self._dice
        late = dice.days(1, 9) if dice.happens(ENTERED_LATE) else dice.minutes(1, 90)
        began = max(at - late, self.episode.received.received_at)
        return self.episode.log(
            at,
            by=self.worker,
            kind=ContactKind.MADE if reached else ContactKind.ATTEMPTED,
            started_at=began,
            mode_code=dice.choice(MODES),
            outcome_code="reached" if reached else dice.choice(FAILED),
            supplies={"naloxone_kit": 1} if reached and dice.happens(0.2) else {},
            note="A made-up note." if dice.happens(0.1) else None,
        )

    def _talk(self, at: datetime, contact_id: UUID) -> None:
        dice, episode = self._dice, self.episode
        if not episode.needs:
            for code in dice.sample(NEEDS, dice.randint(1, 3)):
                episode.name_need(at, contact_id, code, by=self.worker)
                self._agenda.at(at + dice.days(5, 70), partial(self._settle, episode.needs[-1]))
        elif not episode.goals and dice.happens(HAS_GOAL):
            episode.set_goal(at, dice.choice(GOALS), by=self.worker)
            self._agenda.at(at + dice.days(30, 200), self._end_goal)

    def _settle(self, need: Row, at: datetime) -> None:
        if self.episode.state is not EpisodeState.CLOSED:
            connected = self._dice.happens(CONNECTED)
            reason_code = None if connected else self._dice.choice(NOT_CONNECTED)
            self.episode.settle_need(at, need, reason_code=reason_code)
            if connected:
                self._disclose(at, NoticeKind.CONNECTED)

    def _end_goal(self, at: datetime) -> None:
        reached = self._dice.happens(GOAL_REACHED)
        to = GoalState.REACHED if reached else GoalState.DROPPED
        self.episode.end_goal(at, self.episode.goals[-1], to)

    def _give_consent(self, at: datetime) -> None:
        if self.episode.state is not EpisodeState.ENROLLED or self._consent is not None:
            return
        self._consent = consent = ConsentBook(
            self.episode.books,
            at,
            self.episode.received,
            language_code=self._language,
            expires_at=at + CONSENT_HOLDS,
            by=self.worker,
        )
        self._agenda.at(consent.expires_at, self._consent_ends)
        if self._dice.happens(REVOKES):
            self._agenda.at(at + self._dice.days(3, 200), self._revoke)
        self._agenda.at(
            at + self._dice.days(20, 60),
            partial(self._disclose, kind=NoticeKind.WORKING_TOGETHER),
        )

    def _revoke(self, at: datetime) -> None:
        if self._consent and self._consent.is_in_force:
            self._consent.revoke(at)

    def _consent_ends(self, at: datetime) -> None:
        if self._consent and self._consent.is_in_force:
            self._consent.expire(at)

    def _disclose(self, at: datetime, kind: NoticeKind) -> None:
        if self._consent and self._consent.is_in_force:
            self._consent.disclose(at, kind)

    def _jailed(self, at: datetime) -> None:
        """Custody is no end: the work rests, and mostly goes on."""
        if self.episode.state is not EpisodeState.ENROLLED:
            return
        self.episode.pause(at, "incarcerated")
        after = (
            self._released
            if self._dice.happens(RELEASED_SOON)
            else partial(self._end, "incarcerated")
        )
        self._agenda.at(at + self._dice.days(4, 60), after)

    def _released(self, at: datetime) -> None:
        if self.episode.state is EpisodeState.PAUSED:
            self._enrol(at)
            self._plan_contact(at + self._dice.days(0.5, 4))

    def _try_again(self, nth: int, at: datetime) -> None:
        if self.episode.state is not EpisodeState.OUTREACH:
            return
        self._log(at, reached=self._dice.happens(REACHED))
        if nth < TRIES_AFTER_NO:
            self._agenda.at(at + self._dice.days(5, 20), partial(self._try_again, nth + 1))
        else:
            self._agenda.at(at + timedelta(days=30), partial(self._end, "declined"))

    def _complete(self, at: datetime) -> None:
        if self.episode.state is EpisodeState.ENROLLED:
            self._disclose(at, NoticeKind.COMPLETED)
            self._end(self._dice.choice(("completed", "goals_met", "transferred")), at)

    def _end(self, reason_code: str, at: datetime) -> None:
        if self.episode.state is not EpisodeState.CLOSED:
            self.episode.close(at, reason_code)
