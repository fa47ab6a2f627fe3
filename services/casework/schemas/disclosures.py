"""Bodies of consents, of what a person said yes to, and of what left the programme."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from services.casework.domain.consents import (
    TEXTS,
    ConsentKind,
    ConsentState,
    DisclosurePurpose,
    NoticeKind,
    RecipientKind,
    SignedBy,
)
from services.casework.domain.disclosures import STATEMENTS, DisclosureState, Outcome
from services.casework.tables.disclosures import Disclosure
from shared.http.bodies import Strict, to_mend
from shared.http.codes import shown_code
from shared.http.languages import InBothLanguages
from shared.http.staff import ShownStaffId

ActorId = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$"),
    Field(examples=["officer-hemlock"]),
]
Recipient = Annotated[str, Field(examples=["officer-hemlock"])]


def _known_text(version: int) -> int:
    if version not in TEXTS:
        raise to_mend("Use a version that GET /consent-texts shows.")
    return version


def _each_once(kinds: list[NoticeKind]) -> list[NoticeKind]:
    """Return them in the order of the vocabulary, so that the same set is the same content."""
    if len(set(kinds)) != len(kinds):
        raise to_mend("Name each kind once.")
    return [kind for kind in NoticeKind if kind in kinds]


class ConsentText(InBothLanguages):
    """What a person reads, or has read to them, and signs."""

    en: str = Field(examples=["I let the programme tell the officer who referred me ..."])
    es: str = Field(examples=["Permito que el programa le diga a quien me refirió ..."])
    version: int = Field(description="The consent's `text_version`", examples=[1])


class ConsentTexts(BaseModel):
    """Every text that a consent may name, newest first."""

    items: list[ConsentText]


class ConsentBody(Strict):
    """What the person signed."""

    referral_id: UUID
    kind: ConsentKind
    recipient_kind: RecipientKind
    recipient_id: ActorId = Field(description="Who made this referral")
    purpose_code: DisclosurePurpose
    content_codes: Annotated[list[NoticeKind], AfterValidator(_each_once)] = Field(
        min_length=1, max_length=len(NoticeKind), examples=[["connected", "thank_you"]]
    )
    expires_at: AwareDatetime = Field(description="At most two years from now")
    language_code: Literal["en", "es"]
    text_version: Annotated[int, AfterValidator(_known_text)] = Field(examples=[1])
    signed_by_code: SignedBy


class ConsentView(BaseModel):
    """A consent with what it is by now."""

    id: UUID
    referral_id: UUID
    kind: ConsentKind
    recipient_kind: RecipientKind
    recipient_id: Recipient
    purpose_code: DisclosurePurpose
    content_codes: list[NoticeKind]
    language_code: Annotated[str, shown_code("languages")]
    text_version: int
    signed_by_code: SignedBy
    state: ConsentState
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    recorded_by: ShownStaffId


class RevocationView(ConsentView):
    outstanding_disclosure_ids: list[UUID] = Field(
        description="Granted a moment ago, and perhaps on their way"
    )


class OfficerNoticeBody(Strict):
    """The person's own yes to one notice."""

    referral_id: UUID
    kind: NoticeKind


class OfficerNoticeView(BaseModel):
    id: UUID
    referral_id: UUID
    kind: NoticeKind
    agreed_at: datetime
    recorded_by: ShownStaffId


class GrantBody(Strict):
    notice_id: UUID


class StatementView(InBothLanguages):
    """What accompanies the disclosure (42 CFR 2.32)."""

    en: str = Field(examples=["Federal law protects this. Do not pass it on ..."])
    es: str = Field(examples=["La ley federal lo protege. No lo comunique a otros ..."])
    version: int


class GrantView(BaseModel):
    """What may be told, to whom, and until when; the words are to use and not to keep."""

    disclosure_id: UUID
    expires_at: datetime
    recipient_id: Recipient
    kind: NoticeKind
    words: InBothLanguages
    statement: StatementView

    @classmethod
    def of(cls, granted: Disclosure) -> Self:
        kind = NoticeKind(granted.content_code)
        said = STATEMENTS[granted.statement_version]
        return cls(
            disclosure_id=granted.id,
            expires_at=granted.expires_at,
            recipient_id=granted.recipient_id,
            kind=kind,
            words=InBothLanguages.of("officer_notices", kind),
            statement=StatementView(version=granted.statement_version, en=said.en, es=said.es),
        )


class OutcomeBody(Strict):
    outcome: Outcome


class OutcomeView(BaseModel):
    disclosure_id: UUID
    outcome: DisclosureState
    reported_at: datetime | None


class DisclosureView(BaseModel):
    """One line of the accounting of disclosures (42 CFR 2.25)."""

    id: UUID
    referral_id: UUID
    notice_id: UUID
    consent_id: UUID
    recipient_kind: RecipientKind
    recipient_id: Recipient
    purpose_code: DisclosurePurpose
    content_code: NoticeKind
    basis_code: Annotated[str, shown_code("disclosure_bases")]
    statement_version: int
    state: DisclosureState = Field(description="`unknown`: granted, and nobody said what became")
    granted_at: datetime
    reported_at: datetime | None
