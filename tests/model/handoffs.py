"""The live handoff as it has to be, by what is written for people and not by the services' code.

Time is minutes since the beginning; the real clock runs on by milliseconds and never by a minute.
"""

from dataclasses import dataclass, field

# Role, who of it is on duty, and how many minutes it has to answer.
LADDER = (
    ("peer", ("peer-willow", "peer-rowan"), 5),
    ("case_manager", ("manager-fern",), 5),
    ("coordinator", ("coordinator-juniper",), 10),
)
EVERYBODY = tuple(who for _, people, _ in LADDER for who in people)
LIVE_MINUTES = 120
OPEN = ("offered", "expired")
BEFORE_MEETING = ("accepted", "on_the_way", "arrived")
STEPS = {
    "departure": ("on_the_way", ("accepted",)),
    "arrival": ("arrived", ("accepted", "on_the_way")),
    "meeting": ("met", BEFORE_MEETING),
    "yes": ("person_agreed", ("met", "person_declined")),
    "no": ("person_declined", ("met", "person_agreed")),
}
WORDS = {
    "accepted": "accepted",
    "on_the_way": "on_the_way",
    "arrived": "arrived",
    "met": "arrived",
    "person_agreed": "arrived",
    "person_declined": "arrived",
    "expired": "nobody_available",
    "withdrawn": "withdrawn",
}
OK, NO_CONTENT, CONFLICT = 200, 204, 409


@dataclass
class Handoff:
    """One referral's handoff; every method answers with the HTTP status that has to come."""

    made_at: int
    rung: int = 0
    rung_since: int = 0
    state: str = "offered"
    accepted_by: str | None = None
    released: bool = False
    agreed_ever: bool = False
    asked: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rung_since = self.made_at
        self.asked |= set(LADDER[0][1])

    def accept(self, who: str) -> int:
        if self.state in OPEN:
            self.state, self.accepted_by = "accepted", who
            return OK
        return OK if self.accepted_by == who and self.state != "withdrawn" else CONFLICT

    def decline(self, who: str, *, now: int) -> int:
        if who not in self.asked:
            return CONFLICT
        if who not in self.declined:
            self.declined.add(who)
            if self.state == "offered" and set(LADDER[self.rung][1]) <= self.declined:
                self._call_next(now)
        return NO_CONTENT

    def time_passed(self, *, now: int) -> None:
        if self.state == "offered" and now - self.rung_since >= LADDER[self.rung][2]:
            self._call_next(now)

    def step(self, name: str) -> int:
        to, sources = STEPS[name]
        if self.state in sources:
            self.state = to
            self.agreed_ever |= to == "person_agreed"
            return OK
        return OK if self.state == to else CONFLICT

    def withdraw(self) -> int:
        if self.state in (*OPEN, *BEFORE_MEETING):
            self.state = "withdrawn"
        return NO_CONTENT if self.state == "withdrawn" else CONFLICT

    def seen_by_referrer(self, *, now: int) -> str:
        if self.released or now - self.made_at >= LIVE_MINUTES:
            return "received_by_the_programme"
        if self.state == "offered":
            return "offered" if self.rung == 0 else "calling_more_people"
        return WORDS[self.state]

    def _call_next(self, now: int) -> None:
        if self.rung + 1 == len(LADDER):
            self.state = "expired"
            return
        self.rung, self.rung_since = self.rung + 1, now
        self.asked |= set(LADDER[self.rung][1])
