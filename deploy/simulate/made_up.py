"""Who is in a made-up history: names of trees and shrubs, telephones that nobody can have."""

from dataclasses import dataclass, replace
from datetime import date

from deploy.identity.staff import ALDER, HEMLOCK
from deploy.simulate.dice import Dice
from services.referral.schemas.referrals import Person, ReferralBody, StatedFacts
from shared.events.referral import Pathway

PROGRAMME = ALDER
POLICY = "multnomah"
PEERS = ("peer-willow", "peer-rowan")
MANAGER = "manager-fern"
COORDINATOR = "coordinator-juniper"
WORDS = (
    *("Alder", "Aspen", "Bamboo", "Beech", "Birch", "Bramble", "Briar", "Cedar", "Cherry"),
    *("Clover", "Cypress", "Dogwood", "Elder", "Elm", "Fern", "Fir", "Gorse", "Hawthorn"),
    *("Hazel", "Heather", "Hemlock", "Holly", "Hornbeam", "Ivy", "Juniper", "Larch", "Laurel"),
    *("Lavender", "Linden", "Madrone", "Manzanita", "Maple", "Mulberry", "Myrtle", "Nettle"),
    *("Oak", "Olive", "Palm", "Pecan", "Pine", "Poplar", "Privet", "Quince", "Redwood"),
    *("Rosemary", "Rowan", "Sage", "Sequoia", "Sorrel", "Spruce", "Sumac", "Sycamore"),
    *("Tamarack", "Teasel", "Thistle", "Tupelo", "Walnut", "Willow", "Yarrow", "Yew"),
)
PLACES = ("Test Square", "Example Park", "Sample Street station", "Made-up Market")
NEEDS = ("substance_use", "substance_use", "both", "mental_health", "not_sure")


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who refers, from where, by which door, and how often compared with the others."""

    name: str
    agency_id: str
    pathway: Pathway
    weight: int


REFERRERS = (
    Referrer("officer-hemlock", HEMLOCK, "officer_intervention", 55),
    Referrer("officer-hemlock", HEMLOCK, "officer_referral", 15),
    Referrer("officer-sorrel", "sorrel-sheriff", "officer_intervention", 20),
    Referrer("medic-linden", "linden-ems", "naloxone_plus", 10),
)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A made-up person as a referrer describes them."""

    name: str
    date_of_birth: date | None
    phone: str | None

    def misheard(self, dice: Dice) -> "MadeUp":
        """Return the same person as another referrer writes them down: spelled by ear."""
        letters = list(self.name)
        vowels = [place for place, letter in enumerate(letters) if letter in "aeiou"]
        if dice.happens(0.5):
            letters[vowels[-1]] = dice.choice("aeiou")
        kept = dice.happens(0.8)
        return replace(self, name="".join(letters), phone=self.phone if kept else None)

    def referral(self, dice: Dice, referrer: Referrer) -> ReferralBody:
        """Return what the referrer sends."""
        intervention = referrer.pathway == "officer_intervention"
        return ReferralBody(
            pathway=referrer.pathway,
            need=dice.choice(NEEDS),
            meeting_place=f"{dice.choice(PLACES)}, {dice.choice(('north', 'south'))} side",
            willing=True if dice.happens(0.9) else None,
            offences=frozenset(["possession"]) if intervention else None,
            stated=StatedFacts(other_crime=dice.happens(0.06)) if intervention else None,
            person=Person.model_construct(
                name=self.name, date_of_birth=self.date_of_birth, phone=self.phone
            ),
        )


def somebody(dice: Dice) -> MadeUp:
    """Return a made-up person; a birthday or a telephone may be unknown."""
    first, second = dice.sample(WORDS, 2)
    born = date(dice.randint(1950, 2005), dice.randint(1, 12), dice.randint(1, 28))
    return MadeUp(
        name=f"Test Participant {first} {second}",
        date_of_birth=born if dice.happens(0.92) else None,
        phone=f"555-01{dice.randint(0, 99):02}" if dice.happens(0.6) else None,
    )


def referrer(dice: Dice) -> Referrer:
    return dice.choices(REFERRERS, [each.weight for each in REFERRERS])[0]
