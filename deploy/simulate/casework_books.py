"""What casework would have written of people and the referrals about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from deploy.simulate.dice import Dice
from deploy.simulate.made_up import PROGRAMME, MadeUp
from deploy.simulate.referral_books import LiveHandoff
from deploy.simulate.rows import Rows
from services.casework.domain.intake import IntakeState
from services.casework.domain.matching import Described, compare, keys
from services.casework.domain.returns import announced_from
from services.casework.projections.timeline import entry_from
from services.casework.tables.base import metadata
from services.casework.tables.participants import (
    Intake,
    MatchCandidate,
    MatchKey,
    Participant,
    ParticipantReferral,
    ReferralFact,
    ReturnAlert,
)
from services.casework.tables.timeline import TimelineEntry
from services.casework.use_cases.decide_match import STATE_AFTER, Decision
from services.casework.use_cases.keep_facts import STATED
from services.casework.use_cases.open_identity import IDENTITY_FIELD
from shared.db.writes import table_of
from shared.events.base import Event
from shared.events.casework import (
    CaseworkEvent,
    ParticipantLinked,
    ParticipantRedeflected,
    ParticipantReturnAnnounced,
)
from shared.events.referral import ReferralEvent
from shared.http.idempotency import fingerprint
from shared.vault.vault import Vault

KEYS = metadata.tables["casework_vault.data_key"]
TIMERS = metadata.tables["casework.timer"]
LINES = table_of(TimelineEntry)
VALUES = attrgetter(*(column.name for column in LINES.c if column.name != "added_at"))


@dataclass(slots=True)
class Received:
    """A referral as it came to casework, and whom it is about by now."""

    referral_id: UUID
    received_at: datetime
    referred_by: str
    described: Described
    participant: dict[str, Any]
    link: dict[str, Any]

    @property
    def is_linked(self) -> bool:
        """Whether it is known to be about somebody the programme knew."""
        return bool(self.link["participant_id"] != self.participant["id"])


class CaseworkBooks:
    """Everything casework has of everybody in a simulation."""

    def __init__(self, rows: Rows, dice: Dice, vault: Vault, *, hash_key: bytes) -> None:
        self.rows = rows
        self.dice = dice
        self.vault = vault
        self.told: list[Event] = []
        self._hash_key = hash_key
        self._facts: dict[UUID, dict[str, Any]] = {}
        self._people: list[dict[str, Any]] = []
        self._links: list[dict[str, Any]] = []

    def hear(self, event: ReferralEvent) -> None:
        """Add the line that tells of the event, and keep what it states."""
        self._add_line(event, {})
        if stated := STATED.get(type(event)):
            self._facts_of(event.referral_id).update(stated(event))

    def tell(
        self,
        kind: type[CaseworkEvent],
        at: datetime,
        aggregate_id: UUID,
        *,
        version: int = 1,
        detail: dict[str, Any] | None = None,
        **stated: Any,  # noqa: ANN401 - the event's own fields
    ) -> None:
        """Tell an event, and add its line with *detail*, which stays in casework."""
        event = kind(
            event_id=self.dice.id(at),
            programme_id=PROGRAMME,
            aggregate_id=aggregate_id,
            aggregate_version=version,
            occurred_at=at,
            **stated,
        )
        self.told.append(event)
        self._add_line(event, detail or {})

    def receive(self, at: datetime, handoff: LiveHandoff, who: MadeUp, packet: bytes) -> Received:
        """Open the intake of a referral, under somebody nobody knows yet."""
        person_id = self.dice.id(at)
        participant = {
            "id": person_id,
            "programme_id": PROGRAMME,
            "created_at": at,
            "merged_into_id": None,
            "version": 1,
        }
        self._people.append(participant)
        key = self.vault.first_key(person_id)
        self.rows.add(KEYS, {**key.row, "made_at": at})
        intake = {
            "referral_id": handoff.referral_id,
            "programme_id": PROGRAMME,
            "pathway": handoff.pathway,
            "referred_by": handoff.referred_by,
            "agency_id": handoff.agency_id,
            "state": IntakeState.READY,
            "received_at": at,
            "identity_subject_id": person_id,
            "identity_ciphertext": key.seal(IDENTITY_FIELD, packet),
        }
        self.rows.add(table_of(Intake), intake)
        described = Described(who.name, who.date_of_birth, who.phone)
        self._keep_keys(handoff.referral_id, described)
        link = {
            "referral_id": handoff.referral_id,
            "participant_id": person_id,
            "programme_id": PROGRAMME,
            "linked_at": at,
        }
        self._links.append(link)
        who_it_is = (described, participant, link)
        return Received(handoff.referral_id, at, handoff.referred_by, *who_it_is)

    def agreement_used(self, referral_id: UUID) -> None:
        self._facts_of(referral_id)["agreement_used"] = True

    def propose(self, at: datetime, new: Received, known: Received) -> dict[str, Any] | None:
        """Return the proposal that both are one person, if they are described alike enough."""
        likeness = compare(new.described, known.described)
        if likeness is None:
            return None
        return {
            "id": self.dice.id(at),
            "programme_id": PROGRAMME,
            "referral_id": new.referral_id,
            "other_referral_id": known.referral_id,
            "score": likeness.score,
            "reasons": [reason.value for reason in likeness.reasons],
            "state": "proposed",
            "proposed_at": at,
        }

    def decide(self, at: datetime, candidate: dict[str, Any], decision: Decision, by: str) -> None:
        candidate |= {"state": STATE_AFTER[decision], "decided_at": at, "decided_by": by}

    def close_candidate(self, candidate: dict[str, Any]) -> None:
        self.rows.add(table_of(MatchCandidate), candidate)

    def link(self, at: datetime, new: Received, known: Received, *, by: str) -> None:
        """Make both referrals one person's."""
        new.participant |= {"merged_into_id": known.participant["id"], "version": 2}
        new.link |= {"participant_id": known.participant["id"], "linked_at": at}
        self.tell(
            ParticipantLinked,
            at,
            new.participant["id"],
            version=2,
            referral_id=new.referral_id,
            participant_id=known.participant["id"],
            linked_by=by,
        )

    def note_return(
        self, at: datetime, new: Received, *, episode_id: UUID, team: Sequence[str]
    ) -> None:
        """Tell that somebody is back, and tell those who knew them."""
        person_id = new.link["participant_id"]
        not_before = announced_from(
            received_at=new.received_at,
            released_at=self._facts_of(new.referral_id).get("officer_released_at"),
        )
        alert = {
            "referral_id": new.referral_id,
            "programme_id": PROGRAMME,
            "staff_ids": sorted(team),
            "not_before": not_before,
            "announced_at": at,
        }
        self.rows.add(table_of(ReturnAlert), alert)
        about = {"referral_id": new.referral_id, "participant_id": person_id}
        self.tell(ParticipantRedeflected, at, new.referral_id, episode_id=episode_id, **about)
        if team:
            staff_ids = tuple(sorted(team))
            self.tell(
                ParticipantReturnAnnounced,
                at,
                new.referral_id,
                version=2,
                staff_ids=staff_ids,
                **about,
            )

    def close(self) -> None:
        """Write what stands at the end: people, whose each referral is, and what was stated."""
        for row in self._people:
            self.rows.add(table_of(Participant), row)
        for row in self._links:
            self.rows.add(table_of(ParticipantReferral), row)
        for referral_id, stated in self._facts.items():
            whose = {"referral_id": referral_id, "programme_id": PROGRAMME}
            self.rows.add(table_of(ReferralFact), {"agreement_used": False, **whose, **stated})
        self._people, self._links, self._facts = [], [], {}

    def set_timer(self, kind: str, aggregate_id: UUID, due_at: datetime) -> None:
        timer = {
            "id": self.dice.id(due_at),
            "kind": kind,
            "aggregate_id": aggregate_id,
            "programme_id": PROGRAMME,
            "payload": {},
            "due_at": due_at,
            "try_at": due_at,
            "attempts": 0,
        }
        self.rows.add(TIMERS, timer)

    def _facts_of(self, referral_id: UUID) -> dict[str, Any]:
        return self._facts.setdefault(referral_id, {})

    def _add_line(self, event: ReferralEvent | CaseworkEvent, detail: dict[str, Any]) -> None:
        entry = entry_from(event, **detail)
        self.rows.add_record(LINES, (*VALUES(entry), event.occurred_at))

    def _keep_keys(self, referral_id: UUID, described: Described) -> None:
        found = {
            (kind, fingerprint(self._hash_key, f"{kind}/{text}".encode()))
            for kind, text in keys(described)
        }
        for kind, digest in sorted(found):
            row = {
                "referral_id": referral_id,
                "kind": kind,
                "digest": digest,
                "programme_id": PROGRAMME,
            }
            self.rows.add(table_of(MatchKey), row)
