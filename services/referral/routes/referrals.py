"""Referrals: made, read and taken back by first responders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status
from pydantic import UUID7

from services.referral.domain.referrer_view import NEXT_STEP
from services.referral.errors import HandoffOutOfOrder, ReferralDiffers, ReferralIdTaken
from services.referral.schemas.referrals import (
    EligibilityView,
    ReferralBody,
    ReferralDetails,
    ReferralLine,
    ReferralReceipt,
    ReferralView,
    WithdrawalBody,
)
from services.referral.use_cases import make_referral, read_referral, withdraw_referral
from services.referral.use_cases.make_referral import MakeReferral, Receipt
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.languages import InBothLanguages
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import TooLarge, problems
from shared.policy.actor import Caller, Purpose
from shared.vault.vault import Vault

router = APIRouter(prefix="/referrals", tags=["referrals"])


async def _vault(request: Request) -> Vault:  # not in a thread of its own
    vault: Vault = request.app.state.vault
    return vault


VaultDep = Annotated[Vault, Depends(_vault)]


@router.put(
    "/{referral_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ReferralDiffers, ReferralIdTaken, TooLarge, *ALWAYS),
)
async def put_referral(
    referral_id: UUID7,
    body: ReferralBody,
    caller: Annotated[Caller, Depends(acting("create_referral", Purpose.REFERRAL))],
    session: SessionDep,
    vault: VaultDep,
    request: Request,
) -> ReferralReceipt:
    """Refer a person. Send it again after signal loss: the answer is the same, once is enough.

    The id is yours to make (UUID version 7), so that a repetition can be known as one.
    """
    made: Receipt = await make_referral.make_referral(
        session,
        caller,
        MakeReferral(
            referral_id=referral_id,
            stated=body.statement(),
            packet=body.packet(),
        ),
        vault=vault,
        hash_key=request.app.state.hash_key,
    )
    return ReferralReceipt(
        id=made.id,
        received_at=made.received_at,
        eligibility=EligibilityView.of(made.eligibility),
    )


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_own_referrals(
    caller: Annotated[Caller, Depends(acting("list_own_referrals", Purpose.REFERRAL))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReferralLine]:
    """List the referrals that you made, newest first."""
    before = decode(cursor) if cursor else None
    rows = await read_referral.own_referrals(session, caller, before=before, limit=limit + 1)
    return paged(
        rows,
        limit=limit,
        show=lambda row: ReferralLine.model_validate(row, from_attributes=True),
        position=lambda row: Position(row.received_at, row.id),
    )


@router.get(
    "/{referral_id}",
    response_model_exclude_none=True,  # nothing but what was typed
    responses=problems(*ALWAYS),
)
async def get_referral(
    referral_id: UUID,
    caller: Annotated[
        Caller, Depends(acting("read_referral", Purpose.REFERRAL, Purpose.CARE_COORDINATION))
    ],
    session: SessionDep,
    vault: VaultDep,
) -> ReferralView:
    """Show a referral to who made it, to the team while it waits, and to who took it on."""
    seen = await read_referral.read_referral(session, caller, referral_id, vault=vault)
    return ReferralView.model_validate(
        {
            "id": seen.id,
            "pathway": seen.pathway,
            "received_at": seen.received_at,
            "status": seen.status,
            "accepted_role_code": seen.accepted_role_code,
            "accepted_as": _role(seen.accepted_role_code),
            "next_step": NEXT_STEP[seen.status],
            "eligibility": EligibilityView.of(seen.eligibility),
            "details": ReferralDetails.model_validate_json(seen.packet),
        }
    )


@router.put(
    "/{referral_id}/withdrawal",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(HandoffOutOfOrder, *ALWAYS),
)
async def put_withdrawal(
    referral_id: UUID,
    body: WithdrawalBody,
    caller: Annotated[
        Caller, Depends(acting("withdraw_referral", Purpose.REFERRAL, Purpose.CARE_COORDINATION))
    ],
    session: SessionDep,
) -> None:
    """Take a referral back, before anybody has met the person. Again changes nothing."""
    await withdraw_referral.withdraw_referral(
        session, caller, referral_id, reason_code=body.reason_code
    )


@router.get(
    "/{referral_id}/identity-packet",
    response_model_exclude_none=True,  # nothing but what was typed
    responses=problems(*ALWAYS),
)
async def get_identity_packet(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_identity_packet", Purpose.SERVICE_DELIVERY))],
    session: SessionDep,
    vault: VaultDep,
) -> ReferralDetails:
    """Hand casework who the referral is about: events carry no identity."""
    packet = await read_referral.read_identity_packet(session, caller, referral_id, vault=vault)
    return ReferralDetails.model_validate_json(packet)


def _role(role: str | None) -> InBothLanguages | None:
    return InBothLanguages.of("roles", role) if role else None
