"""Episodes: outreach, enrolment, pause, end and return; and who works on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from services.casework.domain.episodes import EpisodeState
from services.casework.errors import EpisodeOutOfOrder
from services.casework.schemas.episodes import (
    ClosureBody,
    EpisodeView,
    EpisodeWithTeam,
    PauseBody,
    TeamMemberBody,
    TeamMemberView,
)
from services.casework.tables.episodes import Episode
from services.casework.use_cases import change_episode, read_episodes, staff_episode
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.http.staff import StaffId
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/episodes", tags=["episodes"])

CARE = Purpose.CARE_COORDINATION
Manages = Annotated[Caller, Depends(acting("manage_episode", CARE))]
MOVES = problems(EpisodeOutOfOrder, *ALWAYS)


@router.get("", responses=problems(BadCursor, *ALWAYS))
async def get_episodes(
    caller: Annotated[Caller, Depends(acting("list_episodes", CARE))],
    session: SessionDep,
    *,
    mine: bool = False,
    state: EpisodeState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EpisodeView]:
    """List episodes, newest first; `mine` is your caseload."""
    before = decode(cursor) if cursor else None
    rows = await read_episodes.list_episodes(
        session, caller, mine=mine, state=state, before=before, limit=limit + 1
    )
    return paged(
        rows,
        limit=limit,
        show=_view,
        position=lambda row: Position(row.opened_at, row.id),
    )


@router.get("/{episode_id}", responses=problems(*ALWAYS))
async def get_episode(
    episode_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_episode", CARE))],
    session: SessionDep,
) -> EpisodeWithTeam:
    """Show an episode and who works, or worked, on it."""
    episode, team = await read_episodes.read_episode(session, caller, episode_id)
    shown = [TeamMemberView.model_validate(each, from_attributes=True) for each in team]
    return EpisodeWithTeam(**_view(episode).model_dump(), team=shown)


@router.put("/{episode_id}/enrolment", responses=MOVES)
async def put_enrolment(
    episode_id: UUID,
    caller: Annotated[Caller, Depends(acting("enrol_episode", CARE))],
    session: SessionDep,
) -> EpisodeView:
    """Say that the person agreed to take part; follow-ups are planned. Also ends a pause."""
    return _view(await change_episode.enrol_episode(session, caller, episode_id))


@router.put("/{episode_id}/pause", responses=MOVES)
async def put_pause(
    episode_id: UUID, body: PauseBody, caller: Manages, session: SessionDep
) -> EpisodeView:
    """Let the work rest; what was planned is cancelled."""
    return _view(
        await change_episode.pause_episode(
            session, caller, episode_id, reason_code=body.reason_code
        )
    )


@router.put("/{episode_id}/closure", responses=MOVES)
async def put_closure(
    episode_id: UUID, body: ClosureBody, caller: Manages, session: SessionDep
) -> EpisodeView:
    """End the work. It can be reopened: people come back."""
    return _view(
        await change_episode.close_episode(
            session, caller, episode_id, reason_code=body.reason_code
        )
    )


@router.put("/{episode_id}/reopening", responses=MOVES)
async def put_reopening(episode_id: UUID, caller: Manages, session: SessionDep) -> EpisodeView:
    """Go on with a closed episode; outreach comes first again."""
    return _view(await change_episode.reopen_episode(session, caller, episode_id))


@router.put(
    "/{episode_id}/care-team/{staff_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(*ALWAYS),
)
async def put_team_member(
    episode_id: UUID,
    staff_id: StaffId,
    body: TeamMemberBody,
    caller: Manages,
    session: SessionDep,
) -> None:
    """Put somebody on the care team."""
    await staff_episode.join_team(
        session, caller, episode_id, staff_id=staff_id, role_code=body.role_code
    )


@router.delete(
    "/{episode_id}/care-team/{staff_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(*ALWAYS),
)
async def delete_team_member(
    episode_id: UUID, staff_id: StaffId, caller: Manages, session: SessionDep
) -> None:
    """Take somebody off the care team; that they knew the person stays known."""
    await staff_episode.leave_team(session, caller, episode_id, staff_id=staff_id)


def _view(episode: Episode) -> EpisodeView:
    return EpisodeView.model_validate(episode, from_attributes=True)
