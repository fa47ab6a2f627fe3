"""Goals of an episode: set in the person's words, reached or set aside, kept when work goes on."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.casework.domain.episodes import EpisodeState
from services.casework.domain.goals import GoalState
from services.casework.errors import EpisodeClosedBefore, GoalDiffers, GoalEnded
from services.casework.store import goals
from services.casework.tables.episodes import Episode, Goal
from services.casework.use_cases.find_episode import find_episode
from services.casework.use_cases.permit_record import permit_record
from services.casework.use_cases.tell import tell
from shared.clock import app_now
from shared.events.casework import GoalDropped, GoalEvent, GoalReached, GoalSet
from shared.policy.actor import Caller
from shared.vault.vault import Vault

TOLD = {
    GoalState.OPEN: GoalSet,
    GoalState.REACHED: GoalReached,
    GoalState.DROPPED: GoalDropped,
}


@dataclass(frozen=True, slots=True)
class GoalSeen:
    goal: Goal
    words: str


async def set_goal(
    session: AsyncSession,
    caller: Caller,
    goal_id: UUID,
    *,
    episode_id: UUID,
    words: str,
    vault: Vault,
) -> GoalSeen:
    """Add a goal in the person's own words. Again changes nothing.

    Raises:
        GoalDiffers: another goal was set under this id.
        EpisodeClosedBefore: the episode is closed; reopen it first.
    """
    episode = await find_episode(session, caller, episode_id, action="set_goal")
    present = await goals.find(session, goal_id)
    if present is None:
        present = await _add(session, caller, goal_id, episode, words=words, vault=vault)
    seen = await open_words(session, present, vault=vault)
    if (present.episode_id, seen.words) != (episode_id, words):
        raise GoalDiffers
    return seen


async def end_goal(
    session: AsyncSession, caller: Caller, goal_id: UUID, *, to: GoalState, vault: Vault
) -> GoalSeen:
    """Say that a goal was reached or set aside. Again changes nothing.

    Raises:
        GoalEnded: it ended otherwise before.
    """
    goal = await goals.find(session, goal_id)
    await permit_record(session, caller, "end_goal", kind="Goal", id=goal_id, found=goal)
    moved = await goals.end(session, goal_id, to=to, now=await app_now(session))
    if moved is not None:
        _tell(session, moved)
        return await open_words(session, moved, vault=vault)
    present = await goals.find(session, goal_id)
    if present is None or present.state != to:
        raise GoalEnded
    return await open_words(session, present, vault=vault)


async def read_goals(
    session: AsyncSession, caller: Caller, episode_id: UUID, *, vault: Vault
) -> list[GoalSeen]:
    """Return the episode's goals, oldest first."""
    await find_episode(session, caller, episode_id, action="read_goals")
    found = await goals.of_episode(session, episode_id=episode_id)
    return [await open_words(session, each, vault=vault) for each in found]


async def _add(
    session: AsyncSession,
    caller: Caller,
    goal_id: UUID,
    episode: Episode,
    *,
    words: str,
    vault: Vault,
) -> Goal:
    """Add the goal and tell it; or return the one that a rival of the same id has added."""
    if episode.state == EpisodeState.CLOSED:
        raise EpisodeClosedBefore
    plain = words.encode()
    added = await goals.add(
        session,
        {
            "id": goal_id,
            "programme_id": episode.programme_id,
            "episode_id": episode.id,
            "referral_id": episode.referral_id,
            "words_ciphertext": await vault.encrypt(
                session, episode.id, field=_field(goal_id), plaintext=plain
            ),
            "state": GoalState.OPEN,
            "version": 1,
            "set_at": await app_now(session),
            "set_by": caller.actor.actor_id,
        },
    )
    if added is not None:
        _tell(session, added)
        return added
    rival = await goals.find(session, goal_id)
    if rival is None:  # of another programme: its rows are not ours to see
        raise GoalDiffers
    return rival


async def open_words(session: AsyncSession, goal: Goal, *, vault: Vault) -> GoalSeen:
    """Return the goal with its words as the person said them."""
    plain = await vault.decrypt(
        session, goal.episode_id, field=_field(goal.id), ciphertext=goal.words_ciphertext
    )
    return GoalSeen(goal, bytes(plain).decode())


def _field(goal_id: UUID) -> str:
    """Name the goal in its ciphertext, so that two goals' words cannot be exchanged."""
    return f"goal/{goal_id}"


def _tell(session: AsyncSession, goal: Goal) -> None:
    kind: type[GoalEvent] = TOLD[GoalState(goal.state)]
    event = kind(
        programme_id=goal.programme_id,
        aggregate_id=goal.id,
        aggregate_version=goal.version,
        occurred_at=goal.ended_at or goal.set_at,
        referral_id=goal.referral_id,
        episode_id=goal.episode_id,
        goal_id=goal.id,
    )
    tell(session, event)
