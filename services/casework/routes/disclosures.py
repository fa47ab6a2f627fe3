"""The gate, and the accounting of what went through it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from services.casework.errors import AlreadyGranted, NoBasis, OutcomeDiffers
from services.casework.schemas.disclosures import (
    DisclosureView,
    GrantBody,
    GrantView,
    OutcomeBody,
    OutcomeView,
)
from services.casework.use_cases import grant_disclosure
from services.casework.use_cases.grant_disclosure import DisclosureSeen
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["disclosures"])


@router.post(
    "/disclosures/grants",
    status_code=status.HTTP_201_CREATED,
    responses=problems(AlreadyGranted, NoBasis, *ALWAYS),
)
async def post_grant(
    body: GrantBody,
    caller: Annotated[Caller, Depends(acting("grant_disclosure", Purpose.SERVICE_DELIVERY))],
    session: SessionDep,
) -> GrantView:
    """Ask whether one notice may leave now. Yes comes once, and is valid for five seconds."""
    granted = await grant_disclosure.grant_disclosure(session, caller, body.notice_id)
    return GrantView.of(granted)


@router.put("/disclosures/{disclosure_id}/outcome", responses=problems(OutcomeDiffers, *ALWAYS))
async def put_outcome(
    disclosure_id: UUID,
    body: OutcomeBody,
    caller: Annotated[Caller, Depends(acting("report_disclosure", Purpose.SERVICE_DELIVERY))],
    session: SessionDep,
) -> OutcomeView:
    """Say what became of a grant, however late. Again changes nothing."""
    seen = await grant_disclosure.report_outcome(
        session, caller, disclosure_id, outcome=body.outcome
    )
    return OutcomeView(
        disclosure_id=disclosure_id, outcome=seen.state, reported_at=seen.disclosure.reported_at
    )


@router.get("/participants/{participant_id}/disclosures", responses=problems(BadCursor, *ALWAYS))
async def get_disclosures(
    participant_id: UUID,
    caller: Annotated[
        Caller,
        Depends(acting("read_disclosures", Purpose.CARE_COORDINATION, Purpose.PRIVACY)),
    ],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DisclosureView]:
    """Account for what left the programme about a participant, newest first."""
    found = await grant_disclosure.read_disclosures(
        session,
        caller,
        participant_id,
        before=decode(cursor) if cursor else None,
        limit=limit + 1,
    )
    return paged(found, limit=limit, show=_line, position=_position)


def _line(seen: DisclosureSeen) -> DisclosureView:
    columns = DisclosureView.model_fields.keys() - {"state"}
    shown = {name: getattr(seen.disclosure, name) for name in columns}
    return DisclosureView.model_validate(shown | {"state": seen.state})


def _position(seen: DisclosureSeen) -> Position:
    return Position(seen.disclosure.granted_at, seen.disclosure.id)
