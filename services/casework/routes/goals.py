"""What the person wants to reach, and what they need for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status
from pydantic import UUID7

from services.casework.domain.goals import GoalState
from services.casework.errors import EpisodeClosedBefore, GoalDiffers, GoalEnded, NeedSettled
from services.casework.schemas.goals import (
    GoalBody,
    GoalEndBody,
    Goals,
    GoalView,
    Needs,
    NeedView,
    NotConnectedBody,
)
from services.casework.tables.episodes import Need
from services.casework.use_cases import connect_need, keep_goals
from services.casework.use_cases.keep_goals import GoalSeen
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["goals"])

CARE = Purpose.CARE_COORDINATION
SettlesNeed = Annotated[Caller, Depends(acting("settle_need", CARE))]


@router.put(
    "/goals/{goal_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(EpisodeClosedBefore, GoalDiffers, *ALWAYS),
)
async def put_goal(
    goal_id: UUID7,
    body: GoalBody,
    caller: Annotated[Caller, Depends(acting("set_goal", CARE))],
    session: SessionDep,
    request: Request,
) -> GoalView:
    """Set a goal in the person's own words. Send it again after signal loss: once is enough."""
    seen = await keep_goals.set_goal(
        session,
        caller,
        goal_id,
        episode_id=body.episode_id,
        words=body.words,
        vault=request.app.state.vault,
    )
    return _goal(seen)


@router.put("/goals/{goal_id}/end", responses=problems(GoalEnded, *ALWAYS))
async def put_goal_end(
    goal_id: UUID,
    body: GoalEndBody,
    caller: Annotated[Caller, Depends(acting("end_goal", CARE))],
    session: SessionDep,
    request: Request,
) -> GoalView:
    """Say that a goal was reached, or set aside."""
    seen = await keep_goals.end_goal(
        session, caller, goal_id, to=GoalState(body.state), vault=request.app.state.vault
    )
    return _goal(seen)


@router.get("/episodes/{episode_id}/goals", responses=problems(*ALWAYS))
async def get_goals(
    episode_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_goals", CARE))],
    session: SessionDep,
    request: Request,
) -> Goals:
    """List an episode's goals, oldest first; an episode that is reopened keeps them."""
    found = await keep_goals.read_goals(session, caller, episode_id, vault=request.app.state.vault)
    return Goals(items=[_goal(each) for each in found])


@router.put("/needs/{need_id}/connection", responses=problems(NeedSettled, *ALWAYS))
async def put_connection(need_id: UUID, caller: SettlesNeed, session: SessionDep) -> NeedView:
    """Say that the person is connected with somebody who meets the need."""
    return _need(await connect_need.connect_need(session, caller, need_id))


@router.put("/needs/{need_id}/no-connection", responses=problems(NeedSettled, *ALWAYS))
async def put_no_connection(
    need_id: UUID, body: NotConnectedBody, caller: SettlesNeed, session: SessionDep
) -> NeedView:
    """Say that nobody was found so far, and why; a connection may still follow."""
    settled = await connect_need.leave_unconnected(
        session, caller, need_id, reason_code=body.reason_code
    )
    return _need(settled)


@router.get("/episodes/{episode_id}/needs", responses=problems(*ALWAYS))
async def get_needs(
    episode_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_needs", CARE))],
    session: SessionDep,
) -> Needs:
    """List the needs that were named in an episode, oldest first."""
    found = await connect_need.read_needs(session, caller, episode_id)
    return Needs(items=[_need(each) for each in found])


def _goal(seen: GoalSeen) -> GoalView:
    columns = GoalView.model_fields.keys() - {"words"}
    shown = {name: getattr(seen.goal, name) for name in columns}
    return GoalView.model_validate({**shown, "words": seen.words})


def _need(need: Need) -> NeedView:
    return NeedView.model_validate(need, from_attributes=True)
