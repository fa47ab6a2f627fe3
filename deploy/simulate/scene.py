"""One referral from the scene to the person's answer: who comes, how soon, and what is said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from deploy.simulate.agenda import Agenda
from deploy.simulate.dice import Dice
from deploy.simulate.made_up import COORDINATOR, MANAGER, PEERS
from deploy.simulate.referral_books import LiveHandoff
from services.referral.domain.handoff import HandoffState

# How it goes, as shares; guesses that make believable tables, not findings.
WITHDRAWN = 0.03
FIRST_RUNG_COMES = 0.78
ONE_DECLINES = 0.15
SECOND_RUNG_COMES = 0.6
ACCEPTED_NEXT_MORNING = 0.5
TAPS_EVERY_BUTTON = 0.7
AGREES = 0.8

RUNG_WAITS = timedelta(minutes=10)
LADDER_ENDS = timedelta(minutes=35)
Accepted = Callable[[datetime, str, str], None]
Answered = Callable[[datetime, bool], None]


class Scene:
    """Plays one live handoff on the agenda, and says who accepted and what the person answered."""

    def __init__(
        self,
        agenda: Agenda,
        dice: Dice,
        handoff: LiveHandoff,
        *,
        accepted: Accepted,
        answered: Answered,
    ) -> None:
        self._agenda = agenda
        self._dice = dice
        self._handoff = handoff
        self._accepted = accepted
        self._answered = answered

    def begin(self, at: datetime) -> None:
        """Ask the peers, and plan what follows."""
        dice = self._dice
        self._handoff.offer(at, PEERS)
        if dice.happens(WITHDRAWN):
            self._agenda.at(at + dice.minutes(2, 9), self._withdraw)
            return
        if dice.happens(FIRST_RUNG_COMES):
            first, second = dice.sample(PEERS, 2)
            if dice.happens(ONE_DECLINES):
                self._agenda.at(at + dice.minutes(1, 3), partial(self._decline, second))
            self._agenda.at(at + dice.minutes(3, 9), partial(self._accept, first, "peer"))
            return
        self._agenda.at(at + RUNG_WAITS, self._second_rung)

    def _withdraw(self, at: datetime) -> None:
        reason_code = self._dice.choice(("person_left", "person_changed_mind", "called_away"))
        self._handoff.withdraw(at, reason_code)

    def _decline(self, who: str, at: datetime) -> None:
        self._handoff.decline(at, who, self._dice.choice(("busy", "too_far", "not_on_duty")))

    def _second_rung(self, at: datetime) -> None:
        self._handoff.offer(at, (MANAGER,))
        if self._dice.happens(SECOND_RUNG_COMES):
            later = at + self._dice.minutes(1, 9)
            self._agenda.at(later, partial(self._accept, MANAGER, "case_manager"))
        else:
            self._agenda.at(at + RUNG_WAITS, self._third_rung)

    def _third_rung(self, at: datetime) -> None:
        self._handoff.offer(at, (COORDINATOR,))
        self._agenda.at(at + LADDER_ENDS - 2 * RUNG_WAITS, self._nobody_came)

    def _nobody_came(self, at: datetime) -> None:
        self._handoff.expire(at)
        if self._dice.happens(ACCEPTED_NEXT_MORNING):
            morning = at + self._dice.span(timedelta(hours=8), timedelta(hours=20))
            self._agenda.at(morning, partial(self._accept, PEERS[0], "peer"))

    def _accept(self, who: str, role_code: str, at: datetime) -> None:
        self._handoff.accept(at, who, role_code)
        self._accepted(at, who, role_code)
        met_at = at + self._dice.minutes(8, 35)
        if self._dice.happens(TAPS_EVERY_BUTTON):
            self._move_at(at + timedelta(minutes=1), HandoffState.ON_THE_WAY)
            self._move_at(met_at - timedelta(minutes=2), HandoffState.ARRIVED)
        self._agenda.at(met_at, self._meet)

    def _meet(self, at: datetime) -> None:
        self._handoff.move(at, HandoffState.MET)
        self._agenda.at(at + self._dice.minutes(1, 6), self._handoff.release)
        self._agenda.at(at + self._dice.minutes(7, 45), self._answer)

    def _answer(self, at: datetime) -> None:
        agreed = self._dice.happens(AGREES)
        self._handoff.move(
            at, HandoffState.PERSON_AGREED if agreed else HandoffState.PERSON_DECLINED
        )
        self._answered(at, agreed)

    def _move_at(self, moment: datetime, to: HandoffState) -> None:
        self._agenda.at(moment, partial(self._moved, to))

    def _moved(self, to: HandoffState, at: datetime) -> None:
        self._handoff.move(at, to)
