"""What casework would have written of consents, of a person's yes to a notice, and of what left."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from deploy.simulate.casework_books import CaseworkBooks, Received
from deploy.simulate.made_up import PROGRAMME
from services.casework.domain.consents import (
    TEXTS,
    ConsentKind,
    ConsentState,
    DisclosurePurpose,
    NoticeKind,
    RecipientKind,
    SignedBy,
)
from services.casework.domain.disclosures import (
    STATEMENT_VERSION,
    VALID_FOR,
    Basis,
    DisclosureState,
)
from services.casework.tables.disclosures import Consent, Disclosure, OfficerNotice
from services.casework.use_cases.give_consent import CONSENT_TIMER
from shared.db.writes import table_of
from shared.events.casework import (
    ConsentEvent,
    ConsentExpired,
    ConsentGranted,
    ConsentRevoked,
    DisclosureMade,
    MilestoneReached,
)

HANDED_OVER_AFTER = timedelta(seconds=1)


class ConsentBook:
    """One consent to notices for whoever made one referral; `close_book` writes how it stands."""

    def __init__(
        self,
        books: CaseworkBooks,
        at: datetime,
        received: Received,
        *,
        language_code: str,
        expires_at: datetime,
        by: str,
    ) -> None:
        self._books = books
        self._by = by
        self._said_yes_to: set[NoticeKind] = set()
        self._row: dict[str, Any] = {
            "id": books.dice.id(at),
            "programme_id": PROGRAMME,
            "referral_id": received.referral_id,
            "kind": ConsentKind.OFFICER_NOTICE,
            "recipient_kind": RecipientKind.REFERRER,
            "recipient_id": received.referred_by,
            "purpose_code": DisclosurePurpose.TELL_REFERRER,
            "content_codes": [kind.value for kind in NoticeKind],
            "language_code": language_code,
            "text_version": max(TEXTS),
            "signed_by_code": SignedBy.PARTICIPANT,
            "state": ConsentState.IN_FORCE,
            "version": 1,
            "granted_at": at,
            "expires_at": expires_at,
            "recorded_by": by,
        }
        self._tell(ConsentGranted, at)

    @property
    def expires_at(self) -> datetime:
        moment: datetime = self._row["expires_at"]
        return moment

    @property
    def is_in_force(self) -> bool:
        return bool(self._row["state"] == ConsentState.IN_FORCE)

    def revoke(self, at: datetime) -> None:
        self._row |= {"state": ConsentState.REVOKED, "revoked_at": at, "version": 2}
        self._tell(ConsentRevoked, at)

    def expire(self, at: datetime) -> None:
        self._row |= {"state": ConsentState.EXPIRED, "version": 2}
        self._tell(ConsentExpired, at)

    def disclose(self, at: datetime, kind: NoticeKind) -> None:
        """The person says yes to one notice, once; it is granted and handed over."""
        if kind in self._said_yes_to:
            return
        self._said_yes_to.add(kind)
        notice_id = self._books.dice.id(at)
        whose = {"programme_id": PROGRAMME, "referral_id": self._row["referral_id"]}
        yes = {"id": notice_id, "kind": kind, "agreed_at": at, "recorded_by": self._by}
        self._books.rows.add(table_of(OfficerNotice), yes | whose)
        self._books.tell(
            MilestoneReached,
            at,
            notice_id,
            referral_id=self._row["referral_id"],
            notice_id=notice_id,
            notice_kind=kind.value,
        )
        self._grant(at, notice_id, kind)

    def close_book(self) -> None:
        """Write the consent as it stands, and the timer of its end."""
        self._books.rows.add(table_of(Consent), self._row)
        if self.is_in_force:
            self._books.set_timer(CONSENT_TIMER, self._row["id"], self.expires_at)

    def _grant(self, at: datetime, notice_id: UUID, kind: NoticeKind) -> None:
        granted = {
            "id": uuid5(notice_id, "disclosure"),
            "programme_id": PROGRAMME,
            "referral_id": self._row["referral_id"],
            "notice_id": notice_id,
            "consent_id": self._row["id"],
            "recipient_kind": self._row["recipient_kind"],
            "recipient_id": self._row["recipient_id"],
            "purpose_code": self._row["purpose_code"],
            "content_code": kind,
            "basis_code": Basis.CONSENT,
            "statement_version": STATEMENT_VERSION,
            "state": DisclosureState.HANDED_OVER,
            "version": 2,
            "granted_at": at,
            "expires_at": at + VALID_FOR,
            "reported_at": at + HANDED_OVER_AFTER,
        }
        self._books.rows.add(table_of(Disclosure), granted)
        seen = ("recipient_kind", "content_code", "basis_code")
        self._books.tell(
            DisclosureMade,
            at,
            granted["id"],
            detail={name: granted[name] for name in seen},
            referral_id=self._row["referral_id"],
            disclosure_id=granted["id"],
        )

    def _tell(self, kind: type[ConsentEvent], at: datetime) -> None:
        self._books.tell(
            kind,
            at,
            self._row["id"],
            version=self._row["version"],
            detail={
                "consent_kind": self._row["kind"],
                "content_codes": self._row["content_codes"],
            },
            referral_id=self._row["referral_id"],
            consent_id=self._row["id"],
        )
