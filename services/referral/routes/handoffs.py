"""The live handoff: offered, accepted by one, and followed until the person is met."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from services.referral.domain.handoff import HandoffState
from services.referral.errors import (
    HandoffOutOfOrder,
    HandoffTaken,
    HandoffWithdrawnBefore,
    NotOffered,
)
from services.referral.schemas.handoffs import (
    DeclineBody,
    HandoffView,
    OfferView,
    OpenHandoffView,
    PersonAnswerBody,
)
from services.referral.tables.handoffs import Handoff
from services.referral.use_cases import (
    accept_handoff,
    decline_handoff,
    progress_handoff,
    read_handoffs,
)
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["handoffs"])

CARE = Purpose.CARE_COORDINATION
Progress = Annotated[Caller, Depends(acting("progress_handoff", CARE))]
STEP = problems(HandoffOutOfOrder, *ALWAYS)


@router.get("/handoffs", responses=problems(BadCursor, *ALWAYS))
async def get_handoffs(
    caller: Annotated[Caller, Depends(acting("list_handoffs", CARE))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[OpenHandoffView]:
    """List the handoffs that wait for somebody, longest first."""
    after = decode(cursor) if cursor else None
    rows = await read_handoffs.open_handoffs(session, caller, after=after, limit=limit + 1)
    return paged(
        rows,
        limit=limit,
        show=_open,
        position=lambda row: Position(row.handoff.requested_at, row.handoff.id),
    )


@router.put(
    "/referrals/{referral_id}/acceptance",
    responses=problems(HandoffTaken, HandoffWithdrawnBefore, *ALWAYS),
)
async def put_acceptance(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("accept_handoff", CARE))],
    session: SessionDep,
) -> HandoffView:
    """Accept the handoff. One wins; who was later gets 409 and knows that somebody is on it."""
    return _view(await accept_handoff.accept_handoff(session, caller, referral_id))


@router.put(
    "/referrals/{referral_id}/decline",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(NotOffered, *ALWAYS),
)
async def put_decline(
    referral_id: UUID,
    body: DeclineBody,
    caller: Annotated[Caller, Depends(acting("decline_handoff", CARE))],
    session: SessionDep,
) -> None:
    """Say that you cannot come. When nobody is left who was asked, the next are called at once."""
    await decline_handoff.decline_handoff(
        session, caller, referral_id, reason_code=body.reason_code
    )


@router.put("/referrals/{referral_id}/departure", responses=STEP)
async def put_departure(referral_id: UUID, caller: Progress, session: SessionDep) -> HandoffView:
    """Say that you are on the way."""
    to = HandoffState.ON_THE_WAY
    return _view(await progress_handoff.progress_handoff(session, caller, referral_id, to=to))


@router.put("/referrals/{referral_id}/arrival", responses=STEP)
async def put_arrival(referral_id: UUID, caller: Progress, session: SessionDep) -> HandoffView:
    """Say that you are there."""
    to = HandoffState.ARRIVED
    return _view(await progress_handoff.progress_handoff(session, caller, referral_id, to=to))


@router.put("/referrals/{referral_id}/meeting", responses=STEP)
async def put_meeting(referral_id: UUID, caller: Progress, session: SessionDep) -> HandoffView:
    """Say that you have met the person."""
    to = HandoffState.MET
    return _view(await progress_handoff.progress_handoff(session, caller, referral_id, to=to))


@router.put("/referrals/{referral_id}/person-answer", responses=STEP)
async def put_person_answer(
    referral_id: UUID, body: PersonAnswerBody, caller: Progress, session: SessionDep
) -> HandoffView:
    """Say whether the person wants to work with the team. A no today is no no for ever."""
    to = HandoffState.PERSON_AGREED if body.agreed else HandoffState.PERSON_DECLINED
    return _view(await progress_handoff.progress_handoff(session, caller, referral_id, to=to))


@router.put(
    "/referrals/{referral_id}/officer-release",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(*ALWAYS),
)
async def put_officer_release(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("release_officer", Purpose.REFERRAL, CARE))],
    session: SessionDep,
) -> None:
    """Say that the officer can go. From now on they read that the programme has it."""
    await progress_handoff.release_officer(session, caller, referral_id)


def _view(handoff: Handoff) -> HandoffView:
    return HandoffView.model_validate(handoff, from_attributes=True)


def _open(row: read_handoffs.OpenHandoff) -> OpenHandoffView:
    offers = [OfferView.model_validate(each, from_attributes=True) for each in row.offers]
    shown = {**_view(row.handoff).model_dump(), "requested_at": row.handoff.requested_at}
    return OpenHandoffView.model_validate({**shown, "offers": offers})
