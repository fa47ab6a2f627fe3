"""Who is acting, for whom, and why: what every route, policy and audit row states."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

EVERY_PROGRAMME = "*"  # what only our own services may act for


class Function(StrEnum):
    """What a person's work is; not who employs them (a police department may employ peers)."""

    ENFORCEMENT = "enforcement"  # may arrest or charge: police, sheriff, prosecutor
    RESPONSE = "response"  # comes to the scene or sends who comes, and enforces nothing
    CARE = "care"
    OVERSIGHT = "oversight"  # sees that the programme does right: privacy, evaluation, advice
    PARTNER = "partner"  # another organization that the person is referred on to
    OPERATIONS = "operations"
    SERVICE = "service"


class Purpose(StrEnum):
    """Why somebody asks; each route names the purposes it serves."""

    REFERRAL = "referral"
    CARE_COORDINATION = "care_coordination"
    OPERATIONS = "operations"
    SERVICE_DELIVERY = "service_delivery"
    ADMINISTRATION = "administration"
    FEEDBACK = "feedback"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Actor:
    """A verified identity: a member of staff, or one of our services."""

    actor_id: str
    function: Function
    programme_id: str
    agency_id: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    submit_only: bool = False  # a first responder's session that refers, and nothing else
    # How and when the person showed who they are; no policy depends on it, so it is not compared.
    acr: str | None = field(default=None, compare=False)
    authenticated_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """An actor with the purpose of one request and the ids that tie its traces together."""

    actor: Actor
    purpose: Purpose
    request_id: str
