"""One person as the programme knows them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.casework.schemas.participants import EligibilityHistoryView, ParticipantView
from services.casework.use_cases.judge_history import judge_history
from services.casework.use_cases.read_participant import EpisodeSeen, read_participant
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["participants"])

CARE = Purpose.CARE_COORDINATION


@router.get("/participants/{participant_id}", responses=problems(*ALWAYS))
async def get_participant(
    participant_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_participant", CARE))],
    session: SessionDep,
    request: Request,
) -> ParticipantView:
    """Show what is current about one person: episodes, goals, needs, follow-ups, safe contact."""
    seen = await read_participant(session, caller, participant_id, vault=request.app.state.vault)
    return ParticipantView.model_validate(
        {
            "id": seen.participant.id,
            "merged_into_id": seen.participant.merged_into_id,
            "referrals": seen.referrals,
            "episodes": [_episode(each) for each in seen.episodes],
            "safe_contact": seen.safe_contact,
        },
        from_attributes=True,
    )


@router.get("/intakes/{referral_id}/eligibility-history", responses=problems(*ALWAYS))
async def get_eligibility_history(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_eligibility_history", CARE))],
    session: SessionDep,
) -> EligibilityHistoryView:
    """Judge whether the person's history meets the county's rule on coming again."""
    return EligibilityHistoryView.model_validate(await judge_history(session, caller, referral_id))


def _episode(seen: EpisodeSeen) -> dict[str, Any]:
    return _with(
        seen.episode,
        team=seen.team,
        goals=[_with(each.goal, words=each.words) for each in seen.goals],
        needs=seen.needs,
        followups=[_with(each.followup, overdue=each.overdue) for each in seen.followups],
    )


def _with(row: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any table's row
    return {column.name: getattr(row, column.name) for column in row.__table__.columns} | more
