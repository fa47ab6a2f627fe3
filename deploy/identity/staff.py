"""The made-up staff of two made-up programmes, and the services: everybody who can get a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.policy.actor import EVERY_PROGRAMME, Actor, Function

FOR_SERVICES = timedelta(minutes=15)
FOR_STAFF = timedelta(hours=12)

ALDER = "alder-county"
BIRCH = "birch-county"
HEMLOCK = "hemlock-police"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody this provider issues tokens for, and how long each lasts."""

    actor: Actor
    lifetime: timedelta


def _staff(
    name: str, function: Function, role: str, *, programme: str = ALDER, agency: str | None = None
) -> Account:
    return Account(Actor(name, function, programme, agency, frozenset({role})), FOR_STAFF)


def _service(name: str) -> Account:
    actor = Actor(name, Function.SERVICE, EVERY_PROGRAMME, roles=frozenset({"service"}))
    return Account(actor, FOR_SERVICES)


def _officer(name: str, agency: str, *, programme: str = ALDER) -> Account:
    return _staff(name, Function.ENFORCEMENT, "first_responder", programme=programme, agency=agency)


ACCOUNTS: Mapping[str, Account] = {
    each.actor.actor_id: each
    for each in (
        _officer("officer-hemlock", HEMLOCK),
        _officer("officer-sorrel", "sorrel-sheriff"),
        _staff("coordinator-juniper", Function.CARE, "coordinator"),
        _staff("manager-fern", Function.CARE, "case_manager"),
        _staff("peer-willow", Function.CARE, "peer"),
        _staff("peer-rowan", Function.CARE, "peer"),
        _staff("medic-linden", Function.RESPONSE, "first_responder", agency="linden-ems"),
        _staff("firefighter-maple", Function.RESPONSE, "first_responder", agency="maple-fire"),
        _staff("librarian-elder", Function.RESPONSE, "first_responder", agency="elder-library"),
        _staff("dispatcher-larch", Function.RESPONSE, "dispatcher", agency="larch-dispatch"),
        _staff("supervisor-cypress", Function.ENFORCEMENT, "agency_supervisor", agency=HEMLOCK),
        _staff("prosecutor-laurel", Function.ENFORCEMENT, "prosecutor", agency="laurel-attorney"),
        _staff("partner-poplar", Function.PARTNER, "partner", agency="poplar-clinic"),
        _staff("evaluator-ginkgo", Function.OVERSIGHT, "evaluator"),
        _staff("advisor-tamarack", Function.OVERSIGHT, "advisory_member"),
        _staff("privacy-yarrow", Function.OVERSIGHT, "privacy_officer"),
        _staff("administrator-acacia", Function.OPERATIONS, "administrator"),
        _staff("operator-spruce", Function.OPERATIONS, "operator"),
        _officer("officer-aspen", "aspen-police", programme=BIRCH),
        _staff("manager-cedar", Function.CARE, "case_manager", programme=BIRCH),
        _service("referral"),
        _service("casework"),
        _service("notify"),
    )
}
