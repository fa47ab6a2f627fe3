"""Referrals: made and read by first responders, accepted by the team."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status
from pydantic import UUID7

from services.referral.errors import HandoffTaken, ReferralDiffers, ReferralIdTaken
from services.referral.schemas import (
    HandoffView,
    ReferralBody,
    ReferralDetails,
    ReferralReceipt,
    ReferralView,
)
from services.referral.tables import Handoff
from services.referral.use_cases import accept_handoff, make_referral, read_referral
from services.referral.use_cases.make_referral import MakeReferral, Receipt
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.problems import TooLarge, problems
from shared.policy.actor import Caller, Purpose
from shared.vault.vault import Vault

router = APIRouter(prefix="/referrals", tags=["referrals"])


def _vault(request: Request) -> Vault:
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
            pathway=body.pathway,
            packet=body.packet(),
        ),
        vault=vault,
        hash_key=request.app.state.hash_key,
    )
    return ReferralReceipt(id=made.id, received_at=made.received_at)


@router.get("/{referral_id}", responses=problems(*ALWAYS))
async def get_referral(
    referral_id: UUID,
    caller: Annotated[
        Caller, Depends(acting("read_referral", Purpose.REFERRAL, Purpose.CARE_COORDINATION))
    ],
    session: SessionDep,
    vault: VaultDep,
) -> ReferralView:
    """Show a referral to who made it, and to the team."""
    seen = await read_referral.read_referral(session, caller, referral_id, vault=vault)
    return ReferralView.model_validate(
        {
            "id": seen.id,
            "pathway": seen.pathway,
            "received_at": seen.received_at,
            "status": seen.status,
            "details": ReferralDetails.model_validate_json(seen.packet),
        }
    )


@router.put("/{referral_id}/acceptance", responses=problems(HandoffTaken, *ALWAYS))
async def put_acceptance(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("accept_handoff", Purpose.CARE_COORDINATION))],
    session: SessionDep,
) -> HandoffView:
    """Accept the handoff. One wins; who was later gets 409 and knows that somebody is on it."""
    accepted: Handoff = await accept_handoff.accept_handoff(session, caller, referral_id)
    return HandoffView.model_validate(accepted, from_attributes=True)


@router.get("/{referral_id}/identity-packet", responses=problems(*ALWAYS))
async def get_identity_packet(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_identity_packet", Purpose.SERVICE_DELIVERY))],
    session: SessionDep,
    vault: VaultDep,
) -> ReferralDetails:
    """Hand casework who the referral is about: events carry no identity."""
    packet = await read_referral.read_identity_packet(session, caller, referral_id, vault=vault)
    return ReferralDetails.model_validate_json(packet)
