"""What an agency is told of a closed quarter, and what of it stays hidden.

Every count is of distinct people, and one denominator is declared for all: the people referred in
the quarter. (One outcome can be 31 %, 21 % or 13 %, by who is divided by.)

Hidden: whatever shows, or gives away by subtraction, a group of fewer than `THRESHOLD` people (CMS
cell size rule), and also 0 % and 100 %, because an officer knows whom they referred. A hidden cell
has at least `THRESHOLD` possible values for whoever knows the table, these rules and which measure
lies within which.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from graphlib import TopologicalSorter

THRESHOLD = 11
DAYS_30 = timedelta(days=30)
MONTHS_OF_A_QUARTER = 3
# What happens in the last days is written down in the days after; a table cannot be corrected.
LATE_ENTRIES = timedelta(days=7)

# One code for every reason: which of the rules hid a cell would narrow down what stands in it.
SMALL_NUMBERS = "small_numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A calendar quarter of UTC days; `until` is the first day that no longer belongs to it."""

    begins: date
    until: date

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.begins, time(), tzinfo=UTC)

    @property
    def closes_at(self) -> datetime:
        return datetime.combine(self.until, time(), tzinfo=UTC)

    @property
    def released_from(self) -> datetime:
        """The first moment at which its table can be released."""
        return self.closes_at + LATE_ENTRIES


def quarter_from(day: date) -> Quarter:
    """Return the quarter that begins on *day*.

    Raises:
        ValueError: no quarter begins on that day, or the calendar ends within it.
    """
    if day.day != 1 or day.month % MONTHS_OF_A_QUARTER != 1:
        raise ValueError("a quarter begins on the first of January, April, July or October")
    years, month = divmod(day.month - 1 + MONTHS_OF_A_QUARTER, 12)
    return Quarter(begins=day, until=date(day.year + years, month + 1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of one person referred by the agency in the quarter.

    Acceptance and meeting are of the quarter's referrals; the rest is counted from the first of
    them on. Enrolled before and still so is enrolled.
    """

    first_referred_at: datetime
    accepted: bool
    met: bool
    enrolled_at: datetime | None = None
    first_contact_at: datetime | None = None
    last_contact_at: datetime | None = None
    connected: bool = False
    completed: bool = False


def enrolled_in_time(person: PersonFacts) -> bool:
    """Within 30 days of the first referral (Multnomah County's deadline for an intake)."""
    return (
        person.enrolled_at is not None and person.enrolled_at <= person.first_referred_at + DAYS_30
    )


def still_in_touch(person: PersonFacts) -> bool:
    """Engaged 30 days after the first contact: the Illinois measure, 50 ILCS 71."""
    return (
        person.first_contact_at is not None
        and person.last_contact_at is not None
        and person.last_contact_at >= person.first_contact_at + DAYS_30
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: its words, and for whom it is true.

    `within` names measures that its people surely or mostly belong to. Two such counts are also
    told apart by at least `THRESHOLD`, or their difference would be a small group.
    """

    code: str
    en: str
    es: str
    holds: Callable[[PersonFacts], bool]
    within: tuple[str, ...] = ()


REFERRED = "referred"
MEASURES: Sequence[Measure] = (
    Measure(REFERRED, "People referred", "Personas derivadas", lambda _: True),
    Measure(
        "accepted",
        "Accepted by the team",
        "Aceptadas por el equipo",
        lambda person: person.accepted or person.met,
        within=(REFERRED,),
    ),
    Measure(
        "met",
        "Met in person",
        "Recibidas en persona",
        lambda person: person.met,
        within=("accepted",),
    ),
    Measure(
        "enrolled",
        "Enrolled within 30 days",
        "Inscritas en un plazo de 30 días",
        enrolled_in_time,
        within=(REFERRED,),
    ),
    Measure(
        "in_touch",
        "Still in touch after 30 days",
        "Aún en contacto después de 30 días",
        still_in_touch,
        within=("enrolled",),
    ),
    Measure(
        "connected",
        "Connected with something they needed",
        "Conectadas con algo que necesitaban",
        lambda person: person.connected,
        within=("enrolled",),
    ),
    Measure(
        "completed",
        "Completed",
        "Completaron el programa",
        lambda person: person.completed,
        within=("enrolled",),
    ),
)
WITHIN: Mapping[str, tuple[str, ...]] = {each.code: each.within for each in MEASURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as it is released; a hidden one has no numbers at all."""

    measure: str
    label: Mapping[str, str]
    people: int | None
    of: int | None
    percent: float | None

    @property
    def shown(self) -> bool:
        return self.people is not None


def table_of(people: Iterable[PersonFacts], *, threshold: int = THRESHOLD) -> tuple[Row, ...]:
    """Return the table for distinct *people*, each given once."""
    facts = tuple(people)
    counts = {each.code: sum(map(each.holds, facts)) for each in MEASURES}
    visible = shown(counts, WITHIN, threshold=threshold)
    return tuple(_row(each, counts, visible=each.code in visible) for each in MEASURES)


def shown(
    counts: Mapping[str, int], within: Mapping[str, tuple[str, ...]], *, threshold: int
) -> frozenset[str]:
    """Return which of *counts* may be shown together.

    One after the other, the wider before the narrower: a count is shown if it has *threshold*
    people and lies at least *threshold* from every shown count that it belongs to, through
    whatever stands between. So a decision rests on shown numbers and on the count itself, and a
    hidden count could be any of the *threshold* values beside the one it is too close to.
    """
    wider = _closed(within)
    visible: set[str] = set()
    for code, around in wider.items():
        apart = all(abs(counts[each] - counts[code]) >= threshold for each in around & visible)
        if counts[code] >= threshold and apart:
            visible.add(code)
    return frozenset(visible)


def _closed(within: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return each count with all that it belongs to, directly or not; the widest first."""
    closed: dict[str, frozenset[str]] = {}
    for code in TopologicalSorter(within).static_order():
        direct = within[code]
        closed[code] = frozenset(direct).union(*(closed[each] for each in direct))
    return closed


def _row(measure: Measure, counts: Mapping[str, int], *, visible: bool) -> Row:
    label = {"en": measure.en, "es": measure.es}
    if not visible:
        return Row(measure=measure.code, label=label, people=None, of=None, percent=None)
    people = counts[measure.code]
    if measure.code == REFERRED:
        return Row(measure=measure.code, label=label, people=people, of=None, percent=None)
    of = counts[REFERRED]
    percent = round(100 * people / of, 1)
    return Row(measure=measure.code, label=label, people=people, of=of, percent=percent)
