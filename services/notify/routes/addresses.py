"""Where members of staff want their mail."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.notify.schemas.addresses import AddressBody, AddressView
from services.notify.use_cases import keep_address
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.problems import problems
from shared.http.staff import StaffId
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/delivery-addresses", tags=["delivery addresses"])

PURPOSES = (
    Purpose.CARE_COORDINATION,
    Purpose.REFERRAL,
    Purpose.FEEDBACK,
    Purpose.ADMINISTRATION,
    Purpose.PRIVACY,
)


OWN_OR_ANYBODY_S = acting(
    "keep_own_delivery_address", *PURPOSES, or_else="administer_delivery_address"
)


@router.put("/{staff_id}", responses=problems(*ALWAYS))
async def put_address(
    staff_id: StaffId,
    body: AddressBody,
    caller: Annotated[Caller, Depends(OWN_OR_ANYBODY_S)],
    session: SessionDep,
) -> AddressView:
    """Say where mail is to go: your own, or anybody's for administration."""
    kept = await keep_address.keep_address(
        session, caller, staff_id=staff_id, email=body.email, language_code=body.language_code
    )
    return AddressView.model_validate(kept)


@router.get("/{staff_id}", responses=problems(*ALWAYS))
async def get_address(
    staff_id: StaffId,
    caller: Annotated[Caller, Depends(OWN_OR_ANYBODY_S)],
    session: SessionDep,
) -> AddressView:
    """Show where mail goes."""
    found = await keep_address.read_address(session, caller, staff_id=staff_id)
    return AddressView.model_validate(found)
