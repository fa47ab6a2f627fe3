"""What a person consents to, and what they say yes to."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import UUID7

from services.casework.errors import (
    AlreadyAgreed,
    ConsentDiffers,
    ConsentPeriod,
    NoBasis,
    NoticeDiffers,
    NotTheReferrer,
)
from services.casework.schemas.disclosures import (
    ConsentBody,
    ConsentText,
    ConsentTexts,
    ConsentView,
    OfficerNoticeBody,
    OfficerNoticeView,
    RevocationView,
)
from services.casework.use_cases import give_consent
from services.casework.use_cases.agree_to_notice import AgreeToNotice, agree_to_notice
from services.casework.use_cases.give_consent import ConsentSeen, GiveConsent
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["consents"])

CARE = Purpose.CARE_COORDINATION


@router.get("/consent-texts", responses=problems(*ALWAYS))
async def get_consent_texts(
    caller: Annotated[Caller, Depends(acting("read_consent_texts", CARE))],
    session: SessionDep,
) -> ConsentTexts:
    """List what people sign, in both languages: show it to them before you record a consent."""
    texts = give_consent.read_consent_texts(session, caller)
    items = [ConsentText(version=number, **texts[number]) for number in sorted(texts, reverse=True)]
    return ConsentTexts(items=items)


@router.put(
    "/consents/{consent_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ConsentDiffers, ConsentPeriod, NotTheReferrer, *ALWAYS),
)
async def put_consent(
    consent_id: UUID7,
    body: ConsentBody,
    caller: Annotated[Caller, Depends(acting("record_consent", CARE))],
    session: SessionDep,
) -> ConsentView:
    """Record what the person signed. Send it again after signal loss: once is enough."""
    command = GiveConsent(**body.model_dump())
    seen = await give_consent.give_consent(session, caller, consent_id, command)
    return ConsentView.model_validate(_shown(seen))


@router.put("/consents/{consent_id}/revocation", responses=problems(*ALWAYS))
async def put_revocation(
    consent_id: UUID,
    caller: Annotated[Caller, Depends(acting("revoke_consent", CARE))],
    session: SessionDep,
) -> RevocationView:
    """Take a consent back: nothing more leaves on it. Shows what was granted a moment ago."""
    seen = await give_consent.revoke_consent(session, caller, consent_id)
    outstanding = {"outstanding_disclosure_ids": list(seen.outstanding)}
    return RevocationView.model_validate(_shown(seen) | outstanding)


@router.get("/participants/{participant_id}/consents", responses=problems(BadCursor, *ALWAYS))
async def get_consents(
    participant_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_consents", CARE))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConsentView]:
    """List a participant's consents, newest first, with what each is by now."""
    found = await give_consent.read_consents(
        session,
        caller,
        participant_id,
        before=decode(cursor) if cursor else None,
        limit=limit + 1,
    )
    return paged(
        found,
        limit=limit,
        show=lambda seen: ConsentView.model_validate(_shown(seen)),
        position=lambda seen: Position(seen.consent.granted_at, seen.consent.id),
    )


@router.put(
    "/officer-notices/{notice_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(AlreadyAgreed, NoBasis, NoticeDiffers, *ALWAYS),
)
async def put_officer_notice(
    notice_id: UUID7,
    body: OfficerNoticeBody,
    caller: Annotated[Caller, Depends(acting("agree_to_notice", CARE))],
    session: SessionDep,
) -> OfficerNoticeView:
    """Record the person's own yes to one notice to whoever referred them."""
    command = AgreeToNotice(notice_id, body.referral_id, body.kind)
    agreed = await agree_to_notice(session, caller, command)
    return OfficerNoticeView.model_validate(agreed, from_attributes=True)


def _shown(seen: ConsentSeen) -> dict[str, Any]:
    columns = ConsentView.model_fields.keys() - {"state"}
    return {name: getattr(seen.consent, name) for name in columns} | {"state": seen.state}
