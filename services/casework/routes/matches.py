"""Who might be one person: proposed by rule, decided by a worker, and undone if it was wrong."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.casework.errors import AlreadyDecided, NothingToSplit
from services.casework.schemas.matches import DecisionBody, MatchState, MatchView, SplitView
from services.casework.store.matches import CandidateLine
from services.casework.tables.participants import MatchCandidate
from services.casework.use_cases import decide_match, read_matches, split_referral
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["matches"])

CARE = Purpose.CARE_COORDINATION


@router.get("/match-candidates", responses=problems(BadCursor, *ALWAYS))
async def get_matches(
    caller: Annotated[Caller, Depends(acting("list_matches", CARE))],
    session: SessionDep,
    state: MatchState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MatchView]:
    """List referrals that may be about one person, newest first."""
    before = decode(cursor) if cursor else None
    rows = await read_matches.list_matches(
        session, caller, state=state, before=before, limit=limit + 1
    )
    return paged(rows, limit=limit, show=_line, position=_position)


@router.get("/intakes/{referral_id}/match-candidates", responses=problems(BadCursor, *ALWAYS))
async def get_matches_of(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_matches", CARE))],
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MatchView]:
    """Show whom this referral might be about, with the reasons."""
    before = decode(cursor) if cursor else None
    rows = await read_matches.matches_of(
        session, caller, referral_id, before=before, limit=limit + 1
    )
    return paged(rows, limit=limit, show=_line, position=_position)


@router.put(
    "/match-candidates/{candidate_id}/decision", responses=problems(AlreadyDecided, *ALWAYS)
)
async def put_decision(
    candidate_id: UUID,
    body: DecisionBody,
    caller: Annotated[Caller, Depends(acting("decide_match", CARE))],
    session: SessionDep,
) -> MatchView:
    """Link, refuse or put off. Linked, both referrals are one person's from now on."""
    decided = await decide_match.decide_match(session, caller, candidate_id, decision=body.decision)
    found = await read_matches.about(session, decided)
    return _view(decided, found)


@router.put(
    "/participants/{participant_id}/referrals/{referral_id}/split",
    responses=problems(NothingToSplit, *ALWAYS),
)
async def put_split(
    participant_id: UUID,
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("split_referral", CARE))],
    session: SessionDep,
) -> SplitView:
    """Undo a link: the referral is about somebody else after all."""
    person = await split_referral.split_referral(
        session, caller, participant_id=participant_id, referral_id=referral_id
    )
    return SplitView(referral_id=referral_id, participant_id=person)


def _line(row: CandidateLine) -> MatchView:
    return _view(row.MatchCandidate, row.participant_id)


def _view(candidate: MatchCandidate, participant_id: UUID) -> MatchView:
    shown = {
        name: getattr(candidate, name)
        for name in MatchView.model_fields
        if name != "participant_id"
    }
    return MatchView.model_validate({**shown, "participant_id": participant_id})


def _position(row: CandidateLine) -> Position:
    return Position(row.MatchCandidate.proposed_at, row.MatchCandidate.id)
