"""One made-up person with the programme: referred, met, worked with; gone, and perhaps back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from deploy.simulate.agenda import Agenda
from deploy.simulate.care import Care
from deploy.simulate.casework_books import CaseworkBooks, Received
from deploy.simulate.dice import Dice
from deploy.simulate.episode_books import EpisodeBook
from deploy.simulate.made_up import MANAGER, MadeUp, referrer
from deploy.simulate.referral_books import LiveHandoff, ReferralBooks
from deploy.simulate.scene import Scene
from services.casework.domain.episodes import MERGED, EpisodeState
from services.casework.use_cases.decide_match import Decision

COMES_BACK = 0.45
SOMEBODY_LOOKS_AT_THE_MATCH = 0.95
DECISIONS = {Decision.LINK: 92, Decision.ASK_LATER: 4, Decision.NOT_THE_SAME: 4}


class Life:
    """Everything about one person until the simulation ends."""

    def __init__(
        self, person: MadeUp, dice: Dice, referral: ReferralBooks, casework: CaseworkBooks
    ) -> None:
        self._person = person
        self._dice = dice
        self._referral = referral
        self._casework = casework
        self._agenda = Agenda()
        self._first: Received | None = None
        self._care: Care | None = None
        self._cares: list[Care] = []
        self._handoffs: list[LiveHandoff] = []
        self._candidates: list[dict[str, object]] = []

    def live(self, first: datetime, *, until: datetime) -> None:
        """Be referred at *first*, and write down what stands at *until*."""
        self._agenda.at(first, self._refer)
        self._agenda.run(until=until)
        for handoff in self._handoffs:
            handoff.close()
        for care in self._cares:
            care.close_books()
        for candidate in self._candidates:
            self._casework.close_candidate(candidate)

    def _refer(self, at: datetime) -> None:
        dice, again = self._dice, self._first is not None
        who = self._person.misheard(dice) if again else self._person
        by = referrer(dice)
        body = who.referral(dice, by)
        handoff = self._referral.make(at, by, body)
        self._handoffs.append(handoff)
        received = self._casework.receive(at, handoff, who, body.packet())
        accepted: Callable[[datetime, str, str], None] = partial(self._accepted, received)
        answered: Callable[[datetime, bool], None] = partial(self._answered, received)
        Scene(self._agenda, dice, handoff, accepted=accepted, answered=answered).begin(at)
        if self._first is None:
            self._first = received
        else:
            self._agenda.at(at + dice.days(0.6, 4), partial(self._match, received, self._first))
        if dice.happens(COMES_BACK):
            self._agenda.at(at + dice.days(20, 240), self._refer)

    def _accepted(self, received: Received, at: datetime, who: str, role_code: str) -> None:
        if received.is_linked and self._care is not None:
            self._come_back(at, received, self._care, who=who)
            return
        episode = EpisodeBook(self._casework, at, received)
        episode.open(at, who, role_code)
        care = Care(self._agenda, self._dice, episode, worker=who)
        self._cares.append(care)
        if self._care is None or self._first is received:
            self._care = care

    def _answered(self, received: Received, at: datetime, agreed: bool) -> None:  # noqa: FBT001 - the answer
        own = self._care_of(received)
        if agreed:
            self._casework.agreement_used(received.referral_id)
        if own is not None and own.episode.state is EpisodeState.OUTREACH:
            own.begin(at) if agreed else own.stay_in_touch(at)
        elif agreed and self._care is not None:
            self._care.begin_again(at)

    def _match(self, new: Received, known: Received, at: datetime) -> None:
        """A worker looks at what was proposed when the identity came, some days later."""
        candidate = self._casework.propose(new.received_at + timedelta(minutes=1), new, known)
        if candidate is None:
            return
        self._candidates.append(candidate)
        if not self._dice.happens(SOMEBODY_LOOKS_AT_THE_MATCH):
            return
        [decision] = self._dice.choices(list(DECISIONS), list(DECISIONS.values()))
        self._casework.decide(at, candidate, decision, MANAGER)
        if decision is Decision.LINK:
            self._link(at, new, known)

    def _link(self, at: datetime, new: Received, known: Received) -> None:
        """Go on with the earlier episode: relapse is part of recovery, and the goals are kept."""
        self._casework.link(at, new, known, by=MANAGER)
        own, earlier = self._care_of(new), self._care
        if own is None or earlier is None or own is earlier:
            return
        agreed = own.episode.state is EpisodeState.ENROLLED
        if own.episode.state is not EpisodeState.CLOSED:
            own.episode.close(at, MERGED)
        self._come_back(at, new, earlier, who=own.worker)
        if agreed:
            earlier.begin_again(at)

    def _come_back(self, at: datetime, new: Received, earlier: Care, *, who: str) -> None:
        """Whoever accepted joins the team of the earlier episode, and the others are told."""
        episode = earlier.episode
        team = [each for each in episode.team if each != who]
        if episode.state is EpisodeState.CLOSED:
            episode.reopen(at)
        episode.join(at, who, "peer")
        earlier.worker = who
        self._casework.note_return(at, new, episode_id=episode.id, team=team)

    def _care_of(self, received: Received) -> Care | None:
        found = (each for each in self._cares if each.episode.received is received)
        return next(found, None)
