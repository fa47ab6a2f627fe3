"""What a referrer may state of an offence and a person, and the words for what follows from it.

Every fact is a yes, a no, or not stated. Nothing here is a finding about a person: it is what one
referrer said. The codes last: events and tables carry them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.events.referral import Pathway


class Offence(StrEnum):
    """What an officer could otherwise charge. `none` states that there is nothing to charge."""

    NONE = "none"
    POSSESSION = "possession"
    USE_ON_PUBLIC_TRANSIT = "use_on_public_transit"
    FREQUENTING_A_PLACE_OF_USE = "frequenting_a_place_of_use"
    CRIMINAL_TRESPASS_2 = "criminal_trespass_2"
    DISORDERLY_CONDUCT_2 = "disorderly_conduct_2"
    INTERFERING_WITH_POLICE = "interfering_with_police"
    PROSTITUTION = "prostitution"
    THEFT_3 = "theft_3"
    CRIMINAL_MISCHIEF_3 = "criminal_mischief_3"
    OTHER = "other"


class Fact(StrEnum):
    """A yes or no that a referrer may state; each is a field of `Stated`."""

    OTHER_CRIME = "other_crime"
    ADULT = "adult"
    RESIDENT = "resident"
    ON_SUPERVISION = "on_supervision"
    OPEN_CHARGES = "open_charges"
    WARRANT = "warrant"
    EXCLUDED_CONVICTION = "excluded_conviction"
    COMBATIVE = "combative"
    WILLING = "willing"
    VICTIM_CONSENTS = "victim_consents"


class Reason(StrEnum):
    """Why. The codes last: events carry them. Reasons are told in the order they have here."""

    NO_OFFENCE_INVOLVED = "no_offence_involved"
    CRITERIA_MET = "criteria_met"
    NO_POLICY_IN_FORCE = "no_policy_in_force"
    OFFENCE_NOT_STATED = "offence_not_stated"
    OFFENCE_NOT_COVERED = "offence_not_covered"
    OTHER_CRIME = "other_crime"
    OTHER_CRIME_NOT_STATED = "other_crime_not_stated"
    VICTIM_DOES_NOT_CONSENT = "victim_does_not_consent"
    VICTIM_CONSENT_NOT_STATED = "victim_consent_not_stated"
    NOT_AN_ADULT = "not_an_adult"
    ADULT_NOT_STATED = "adult_not_stated"
    NOT_A_RESIDENT = "not_a_resident"
    RESIDENT_NOT_STATED = "resident_not_stated"
    ON_SUPERVISION = "on_supervision"
    SUPERVISION_NOT_STATED = "supervision_not_stated"
    OPEN_CHARGES = "open_charges"
    OPEN_CHARGES_NOT_STATED = "open_charges_not_stated"
    WARRANT = "warrant"
    WARRANT_NOT_STATED = "warrant_not_stated"
    EXCLUDED_CONVICTION = "excluded_conviction"
    EXCLUDED_CONVICTION_NOT_STATED = "excluded_conviction_not_stated"
    COMBATIVE = "combative"
    COMBATIVE_NOT_STATED = "combative_not_stated"
    NOT_WILLING = "not_willing"
    WILLING_NOT_STATED = "willing_not_stated"
    PROSECUTOR_DECIDES = "prosecutor_decides"
    CRITERIA_NOT_ALL_PUBLISHED = "criteria_not_all_published"


@dataclass(frozen=True, slots=True)
class Question:
    """Which answer lets a person in, and what to call the other answer and none."""

    passes: bool
    contrary: Reason
    missing: Reason


QUESTIONS: Mapping[Fact, Question] = MappingProxyType(
    {
        Fact.OTHER_CRIME: Question(
            passes=False, contrary=Reason.OTHER_CRIME, missing=Reason.OTHER_CRIME_NOT_STATED
        ),
        Fact.ADULT: Question(
            passes=True, contrary=Reason.NOT_AN_ADULT, missing=Reason.ADULT_NOT_STATED
        ),
        Fact.RESIDENT: Question(
            passes=True, contrary=Reason.NOT_A_RESIDENT, missing=Reason.RESIDENT_NOT_STATED
        ),
        Fact.ON_SUPERVISION: Question(
            passes=False, contrary=Reason.ON_SUPERVISION, missing=Reason.SUPERVISION_NOT_STATED
        ),
        Fact.OPEN_CHARGES: Question(
            passes=False, contrary=Reason.OPEN_CHARGES, missing=Reason.OPEN_CHARGES_NOT_STATED
        ),
        Fact.WARRANT: Question(
            passes=False, contrary=Reason.WARRANT, missing=Reason.WARRANT_NOT_STATED
        ),
        Fact.EXCLUDED_CONVICTION: Question(
            passes=False,
            contrary=Reason.EXCLUDED_CONVICTION,
            missing=Reason.EXCLUDED_CONVICTION_NOT_STATED,
        ),
        Fact.COMBATIVE: Question(
            passes=False, contrary=Reason.COMBATIVE, missing=Reason.COMBATIVE_NOT_STATED
        ),
        Fact.WILLING: Question(
            passes=True, contrary=Reason.NOT_WILLING, missing=Reason.WILLING_NOT_STATED
        ),
        Fact.VICTIM_CONSENTS: Question(
            passes=True,
            contrary=Reason.VICTIM_DOES_NOT_CONSENT,
            missing=Reason.VICTIM_CONSENT_NOT_STATED,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """All that a referrer may state; None is "not stated", and no offence is "not stated" too."""

    pathway: Pathway
    offences: frozenset[Offence] = frozenset()
    other_crime: bool | None = None
    adult: bool | None = None
    resident: bool | None = None
    on_supervision: bool | None = None
    open_charges: bool | None = None
    warrant: bool | None = None
    excluded_conviction: bool | None = None
    combative: bool | None = None
    willing: bool | None = None
    victim_consents: bool | None = None

    def answer(self, fact: Fact) -> bool | None:
        """Return what was stated of *fact*."""
        answer: bool | None = getattr(self, fact.value)
        return answer
