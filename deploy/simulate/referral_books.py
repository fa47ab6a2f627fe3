"""What the referral service would have written of each referral and its handoff."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.simulate.dice import Dice
from deploy.simulate.made_up import POLICY, PROGRAMME, Referrer
from deploy.simulate.rows import Rows
from services.referral.domain.county_policies import county_policies
from services.referral.domain.eligibility import judge, local_day, version_in_force
from services.referral.domain.handoff import HandoffState
from services.referral.domain.ladder import DEFAULT_LADDER, FIRST, rung_at
from services.referral.schemas.referrals import ReferralBody
from services.referral.tables.base import metadata
from services.referral.tables.handoffs import Handoff, Offer
from services.referral.tables.referrals import Eligibility, IdentityPacket, Referral
from services.referral.use_cases.call_team import NEXT_RUNG_TIMER
from services.referral.use_cases.judge_eligibility import USUAL_ZONE
from services.referral.use_cases.make_referral import PACKET_FIELD
from services.referral.use_cases.progress_handoff import TOLD
from shared.db.writes import table_of
from shared.events.base import Event
from shared.events.referral import (
    HandoffAccepted,
    HandoffDeclined,
    HandoffEscalated,
    HandoffExpired,
    HandoffOffered,
    HandoffOfficerReleased,
    HandoffRequested,
    HandoffWithdrawn,
    ReferralCreated,
    ReferralEligibilityDecided,
    ReferralEvent,
    ReferralWithdrawn,
)
from shared.vault.vault import Vault

Hears = Callable[[ReferralEvent], None]
KEYS = metadata.tables["referral_vault.data_key"]
TIMERS = metadata.tables["referral.timer"]


class ReferralBooks:
    """Every referral of a simulation; what is told is heard at once."""

    def __init__(self, rows: Rows, dice: Dice, vault: Vault, *, hears: Hears) -> None:
        self.rows = rows
        self.dice = dice
        self.told: list[Event] = []
        self._vault = vault
        self._hears = hears

    def make(self, at: datetime, referrer: Referrer, body: ReferralBody) -> "LiveHandoff":
        """Write down a referral as it was sent, and request its handoff."""
        referral_id = self.dice.id(at)
        made = {
            "id": referral_id,
            "programme_id": PROGRAMME,
            "agency_id": referrer.agency_id,
            "referred_by": referrer.name,
            "pathway": referrer.pathway,
            "version": 1,
            "received_at": at,
        }
        key = self._vault.first_key(referral_id)
        self.rows.add(KEYS, {**key.row, "made_at": at})
        packet = {
            "referral_id": referral_id,
            "programme_id": PROGRAMME,
            "ciphertext": key.seal(PACKET_FIELD, body.packet()),
        }
        self.rows.add(table_of(IdentityPacket), packet)
        self.tell(
            ReferralCreated,
            at,
            referral_id,
            referral_id=referral_id,
            pathway=referrer.pathway,
            referred_by=referrer.name,
            agency_id=referrer.agency_id,
        )
        self._judge(at, referral_id, body)
        return LiveHandoff(self, made, at)

    def tell(
        self,
        kind: type[ReferralEvent],
        at: datetime,
        aggregate_id: UUID,
        *,
        version: int = 1,
        **stated: Any,  # noqa: ANN401 - the event's own fields
    ) -> None:
        event = kind(
            event_id=self.dice.id(at),
            programme_id=PROGRAMME,
            aggregate_id=aggregate_id,
            aggregate_version=version,
            occurred_at=at,
            **stated,
        )
        self.told.append(event)
        self._hears(event)

    def _judge(self, at: datetime, referral_id: UUID, body: ReferralBody) -> None:
        policy, day = county_policies()[POLICY], local_day(at, ZoneInfo(USUAL_ZONE))
        decision = judge(body.statement(), policy, day)
        version = version_in_force(policy, day)
        repeat = version.repeat if version else None
        said: dict[str, Any] = {
            "policy_id": decision.policy_id,
            "policy_version": decision.policy_version,
            "result": decision.result.value,
            "reason_codes": [reason.value for reason in decision.reasons],
        }
        row = {"referral_id": referral_id, "programme_id": PROGRAMME, "decided_at": at, **said}
        self.rows.add(table_of(Eligibility), row)
        self.tell(
            ReferralEligibilityDecided,
            at,
            referral_id,
            referral_id=referral_id,
            repeat_rule_kind=repeat.kind.value if repeat else None,
            repeat_days=repeat.days if repeat else None,
            **said,
        )


class LiveHandoff:
    """One handoff, moved by hand from state to state; `close` writes how it stands."""

    def __init__(self, books: ReferralBooks, made: dict[str, Any], at: datetime) -> None:
        self.referral_id: UUID = made["id"]
        self._books = books
        self._made = made
        self._offers: dict[str, dict[str, Any]] = {}
        self._row: dict[str, Any] = {
            "id": books.dice.id(at),
            "referral_id": self.referral_id,
            "programme_id": PROGRAMME,
            "state": HandoffState.REQUESTED,
            "rung": 0,
            "version": 1,
            "requested_at": at,
        }
        self._tell(HandoffRequested, at)

    @property
    def referred_by(self) -> str:
        name: str = self._made["referred_by"]
        return name

    @property
    def agency_id(self) -> str:
        name: str = self._made["agency_id"]
        return name

    @property
    def pathway(self) -> str:
        name: str = self._made["pathway"]
        return name

    @property
    def is_open(self) -> bool:
        return self._row["state"] in {HandoffState.OFFERED, HandoffState.EXPIRED}

    def offer(self, at: datetime, staff_ids: Sequence[str]) -> None:
        """Ask the people of the next rung."""
        rung = self._row["rung"] + 1
        self._move(at, HandoffState.OFFERED, rung=rung)
        if rung > FIRST:
            self._tell(HandoffEscalated, at, rung=rung)
            self._row["version"] += 1
        for staff_id in staff_ids:
            self._offers[staff_id] = {
                "handoff_id": self._row["id"],
                "staff_id": staff_id,
                "programme_id": PROGRAMME,
                "rung": rung,
                "offered_at": at,
            }
        self._tell(HandoffOffered, at, rung=rung, offered_to_ids=tuple(staff_ids))

    def decline(self, at: datetime, staff_id: str, reason_code: str) -> None:
        """One of those who were asked cannot come."""
        self._offers[staff_id] |= {"declined_at": at, "decline_reason_code": reason_code}
        self._row["version"] += 1
        self._tell(HandoffDeclined, at, declined_by=staff_id, reason_code=reason_code)

    def expire(self, at: datetime) -> None:
        self._move(at, HandoffState.EXPIRED)
        self._tell(HandoffExpired, at)

    def accept(self, at: datetime, staff_id: str, role_code: str) -> None:
        self._row |= {
            "accepted_at": at,
            "accepted_by": staff_id,
            "accepted_role_code": role_code,
        }
        self._move(at, HandoffState.ACCEPTED)
        self._tell(HandoffAccepted, at, accepted_by=staff_id, accepted_role_code=role_code)

    def move(self, at: datetime, to: HandoffState) -> None:
        """Go on to *to*: on the way, arrived, met, or what the person answered."""
        self._move(at, to)
        self._tell(TOLD[to], at)

    def release(self, at: datetime) -> None:
        """Note that the referrer can go."""
        self._row["officer_released_at"] = at
        self._row["version"] += 1
        self._tell(HandoffOfficerReleased, at)

    def withdraw(self, at: datetime, reason_code: str) -> None:
        """The referrer takes the referral back."""
        self._move(at, HandoffState.WITHDRAWN)
        self._tell(HandoffWithdrawn, at)
        by = self.referred_by
        self._made |= {
            "withdrawn_at": at,
            "withdrawn_by": by,
            "withdrawal_reason_code": reason_code,
            "version": 2,
        }
        self._books.tell(
            ReferralWithdrawn,
            at,
            self.referral_id,
            version=2,
            referral_id=self.referral_id,
            reason_code=reason_code,
            withdrawn_by=by,
        )

    def close(self) -> None:
        """Write the referral, its handoff and its offers as they stand at the end."""
        rows = self._books.rows
        rows.add(table_of(Referral), self._made)
        rows.add(table_of(Handoff), self._row)
        for offer in self._offers.values():
            rows.add(table_of(Offer), offer)
        if self._row["state"] == HandoffState.OFFERED:
            rows.add(TIMERS, self._next_rung())

    def _next_rung(self) -> dict[str, Any]:
        rung = rung_at(DEFAULT_LADDER, self._row["rung"])
        due_at = self._row["moved_at"] + (rung.wait if rung else timedelta())
        return {
            "id": self._books.dice.id(due_at),
            "kind": NEXT_RUNG_TIMER,
            "aggregate_id": self._row["id"],
            "programme_id": PROGRAMME,
            "payload": {"rung": self._row["rung"]},
            "due_at": due_at,
            "try_at": due_at,
            "attempts": 0,
        }

    def _move(self, at: datetime, to: HandoffState, **changed: Any) -> None:  # noqa: ANN401 - columns
        self._row |= {"state": to, "moved_at": at, "version": self._row["version"] + 1, **changed}

    def _tell(self, kind: type[ReferralEvent], at: datetime, **stated: Any) -> None:  # noqa: ANN401
        self._books.tell(
            kind,
            at,
            self._row["id"],
            version=self._row["version"],
            referral_id=self.referral_id,
            **stated,
        )
