"""Whose referral is whose, and which episode follows, once casework has heard everything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.episodes import Episode, Followup
from tests.model.handoffs import Handoff


@dataclass
class Casework:
    """What casework knows; episodes are named by the referral they began with.

    When somebody was enrolled is asked of the services: it is a moment, and not a decision.
    """

    handoffs: Mapping[str, Handoff]  # in the order in which they were made
    enrolled_at: Callable[[str], datetime]
    person_of: dict[str, str] = field(default_factory=dict)
    episodes: dict[str, Episode] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    agreed: set[str] = field(default_factory=set)

    @property
    def followups(self) -> list[Followup]:
        return [each for one in self.episodes.values() for each in one.followups.values()]

    def hear(self) -> None:
        """Take in every referral and every handoff as it stands."""
        for referral in self.handoffs:
            self.person_of.setdefault(referral, referral)
            self._settle_from(referral)

    def link(self, referral: str, other: str) -> None:
        """Make all referrals of one person those of the other."""
        mine, theirs = self.person_of[referral], self.person_of[other]
        moved = [each for each, person in self.person_of.items() if person == mine != theirs]
        for each in moved:
            self.person_of[each] = theirs
        for each in moved:
            self._settle_from(each)

    def open_persons(self) -> list[str]:
        """Return the person of each episode that is not closed."""
        return [
            self.person_of[each.referral]
            for each in self.episodes.values()
            if each.state != "closed"
        ]

    def _of_person(self, referral: str) -> list[str]:
        """Return the person's referrals, first one first."""
        person = self.person_of.get(referral)
        return [each for each in self.handoffs if self.person_of.get(each) == person]

    def _settle_from(self, referral: str) -> None:
        """Settle this referral's episode and those of the person's later ones."""
        same = self._of_person(referral)
        for each in same[same.index(referral) :]:
            if self.handoffs[each].accepted_by is not None:
                self._settle(each)

    def _settle(self, referral: str) -> None:
        same = self._of_person(referral)
        earlier = (self.episodes.get(each) for each in same[: same.index(referral)])
        first = next((each for each in earlier if each is not None and not each.merged), None)
        if first is None:
            episode = self.episodes.setdefault(referral, Episode(referral))
        else:
            episode = self._go_on(referral, first)
        if self.handoffs[referral].agreed_ever and referral not in self.agreed:
            self.agreed.add(referral)
            self._enrol(episode)

    def _go_on(self, referral: str, episode: Episode) -> Episode:
        own = self.episodes.get(referral)
        had_agreed = own is not None and own.state == "enrolled"
        if own is not None:
            own.close("merged")
        if referral not in self.returned:
            self.returned.add(referral)
            episode.reopen()
        if had_agreed:
            self._enrol(episode)
        return episode

    def _enrol(self, episode: Episode) -> None:
        if episode.state in ("outreach", "paused"):
            episode.enrol(self.enrolled_at(episode.referral))
